using Ollama.Platform.LlamaCpp.Interop;
using Ollama.Platform.LlamaCpp.Loading;
using Ollama.Platform.LlamaCpp.Logging;

namespace Ollama.Platform.LlamaCpp;

/// <summary>Makes smaller copies of weights.</summary>
internal static class LlamaQuantizer
{
    /// <summary>Writes a quantized copy of a file; blocks for seconds to minutes.</summary>
    /// <param name="library">The opened library.</param>
    /// <param name="input">A GGUF file that was validated before.</param>
    /// <param name="output">File to write.</param>
    /// <param name="fileType">What to quantize to.</param>
    /// <param name="threadCount">Threads that compute.</param>
    /// <exception cref="LlamaLoadException">The library refused; the message has its reason.</exception>
    public static void Quantize(LlamaLibrary library, string input, string output, LlamaFileType fileType,
        int threadCount)
    {
        ArgumentNullException.ThrowIfNull(library);
        ArgumentException.ThrowIfNullOrEmpty(output);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(threadCount);
        if (!File.Exists(input))
        {
            throw new LlamaLoadException($"{input} does not exist.");
        }

        using var log = new LlamaLogCapture();
        if (!ModelCalls.Quantize(input, output, fileType, threadCount))
        {
            throw new LlamaLoadException(log.DescribeErrors("the library gave no reason"));
        }
    }
}
