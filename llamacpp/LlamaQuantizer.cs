using System.Globalization;
using Ollama.Platform.LlamaCpp.Interop;
using Ollama.Platform.LlamaCpp.Loading;
using Ollama.Platform.LlamaCpp.Logging;

namespace Ollama.Platform.LlamaCpp;

/// <summary>Makes smaller copies of weights.</summary>
public static class LlamaQuantizer
{
    /// <summary>Writes a quantized copy of a file; blocks for seconds to minutes.</summary>
    /// <param name="library">The opened library.</param>
    /// <param name="input">A GGUF file that was validated before.</param>
    /// <param name="output">File to write; removed when the call fails.</param>
    /// <param name="fileType">What to quantize to.</param>
    /// <param name="threadCount">Threads that compute.</param>
    /// <param name="progress">Called on this thread after each tensor with how many are done and how many there
    /// are.</param>
    /// <param name="cancellationToken">Ends the work after the tensor at hand.</param>
    /// <exception cref="LlamaLoadException">The library refused; the message has its reason.</exception>
    /// <exception cref="OperationCanceledException">It was canceled.</exception>
    public static void Quantize(LlamaLibrary library, string input, string output, LlamaFileType fileType,
        int threadCount, Action<int, int>? progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(library);
        ArgumentException.ThrowIfNullOrEmpty(output);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(threadCount);
        cancellationToken.ThrowIfCancellationRequested();
        if (!File.Exists(input))
        {
            throw new LlamaLoadException($"{input} does not exist.");
        }

        var file = new OutputFile(output);
        using var log = new LlamaLogCapture(line =>
        {
            if (TryReadProgress(line.Text, out var done, out var count))
            {
                progress?.Invoke(done, count);
                if (cancellationToken.IsCancellationRequested)
                {
                    file.Break();
                }
            }
        });
        if (!ModelCalls.Quantize(input, output, fileType, threadCount) || cancellationToken.IsCancellationRequested)
        {
            File.Delete(output);
            cancellationToken.ThrowIfCancellationRequested();
            throw new LlamaLoadException(log.DescribeErrors("the library gave no reason"));
        }
    }

    /// <summary>Reads the numbers of a line such as <c>[  12/ 147] blk.0.attn_q.weight - …</c>.</summary>
    internal static bool TryReadProgress(ReadOnlySpan<char> line, out int done, out int count)
    {
        (done, count) = (0, 0);
        var slash = line.IndexOf('/');
        var end = line.IndexOf(']');
        return line.StartsWith('[') && slash > 1 && end > slash
            && int.TryParse(line[1..slash], CultureInfo.InvariantCulture, out done)
            && int.TryParse(line[(slash + 1)..end], CultureInfo.InvariantCulture, out count)
            && done > 0 && done <= count;
    }
}
