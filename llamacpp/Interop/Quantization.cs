namespace Ollama.Platform.LlamaCpp.Interop;

/// <summary>Calls <c>llama_model_quantize</c>.</summary>
internal static unsafe class Quantization
{
    public static void Run(string source, string target, int fileType, int threadCount)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(threadCount);
        ArgumentOutOfRangeException.ThrowIfNegative(fileType);
        if (!File.Exists(source))
        {
            throw new LlamaLoadException($"There is no file {source}.");
        }

        NativeLog.TakeLastError();
        var parameters = NativeMethods.llama_model_quantize_default_params();
        parameters.FileType = fileType;
        parameters.ThreadCount = threadCount;
        if (NativeMethods.llama_model_quantize(source, target, &parameters) != 0)
        {
            throw new LlamaLoadException(NativeLog.TakeLastError() ?? $"{source} could not be quantized.");
        }
    }
}
