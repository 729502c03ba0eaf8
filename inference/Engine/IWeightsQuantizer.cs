namespace Ollama.Platform.Inference.Engine;

/// <summary>Makes copies of weights with smaller numbers.</summary>
public interface IWeightsQuantizer
{
    /// <summary>Writes a quantized copy of a file, on a thread of its own, one after the other.</summary>
    /// <param name="sourcePath">A GGUF model that was checked before.</param>
    /// <param name="targetPath">The file to write; nothing is left of it when the work fails or is canceled.</param>
    /// <param name="fileType">Name of the type, in upper case, e.g. <c>Q4_K_M</c>.</param>
    /// <param name="progress">
    /// Called on that thread after each tensor with the bytes of the source that are done, about.
    /// </param>
    /// <param name="cancellationToken">Ends the work after the tensor at hand.</param>
    /// <exception cref="QuantizationException">The native library refused; the message has its reason.</exception>
    Task QuantizeAsync(
        string sourcePath, string targetPath, string fileType, Action<long>? progress,
        CancellationToken cancellationToken);
}

/// <summary>Weights could not be quantized.</summary>
public sealed class QuantizationException(string message, Exception? cause = null) : Exception(message, cause);
