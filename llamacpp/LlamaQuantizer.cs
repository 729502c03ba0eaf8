using System.Globalization;
using Ollama.Platform.LlamaCpp.Interop;
using Ollama.Platform.LlamaCpp.Loading;
using Ollama.Platform.LlamaCpp.Logging;

namespace Ollama.Platform.LlamaCpp;

/// <summary>Makes smaller copies of weights.</summary>
public static class LlamaQuantizer
{
    private const string SizeMarker = "size = ";
    private const double MebibyteBytes = 1024 * 1024;

    /// <summary>Writes a quantized copy of a file; blocks for seconds to minutes.</summary>
    /// <param name="library">The opened library.</param>
    /// <param name="input">A GGUF file that was validated before.</param>
    /// <param name="output">File to write; removed when the call fails.</param>
    /// <param name="fileType">What to quantize to.</param>
    /// <param name="threadCount">Threads that compute.</param>
    /// <param name="progress">Called on this thread after each tensor with the bytes of the input that are done, to a
    /// hundredth of a MiB for each.</param>
    /// <param name="cancellationToken">Ends the work after the tensor at hand.</param>
    /// <exception cref="LlamaLoadException">The library refused; the message has its reason.</exception>
    /// <exception cref="OperationCanceledException">It was canceled.</exception>
    public static void Quantize(LlamaLibrary library, string input, string output, LlamaFileType fileType,
        int threadCount, Action<long>? progress, CancellationToken cancellationToken)
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
        var done = 0L;
        using var log = new LlamaLogCapture(line =>
        {
            if (TryReadTensor(line.Text, out var bytes))
            {
                done += bytes;
                progress?.Invoke(done);
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

    /// <summary>
    /// Reads what a tensor took from a line such as <c>[  12/ 147] blk.0.attn_q.weight - …, size = 1.53 MiB -> 0.43
    /// MiB</c>.
    /// </summary>
    internal static bool TryReadTensor(ReadOnlySpan<char> line, out long bytes)
    {
        bytes = 0;
        var size = line.IndexOf(SizeMarker, StringComparison.Ordinal);
        if (!line.StartsWith('[') || size < 0)
        {
            return false;
        }

        var number = line[(size + SizeMarker.Length)..].TrimStart();
        var unit = number.IndexOf(" MiB", StringComparison.Ordinal);
        if (unit < 0 || !double.TryParse(
            number[..unit], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var mebibytes))
        {
            return false;
        }

        bytes = (long)(mebibytes * MebibyteBytes);
        return true;
    }
}
