namespace Ollama.Platform.Silo.Library.Creation;

/// <summary>Writes weights again with smaller numbers.</summary>
internal interface IWeightsQuantization
{
    /// <summary>Quantizes; the caller has checked that source and type allow it.</summary>
    /// <param name="sourcePath">A GGUF model of F32, F16 or BF16.</param>
    /// <param name="targetPath">The file to write; it does not exist. Whoever asked removes it after a failure.</param>
    /// <param name="type">The file type, in upper case, e.g. <c>Q4_K_M</c>.</param>
    /// <param name="progress">Bytes of the source that are done; may be called from any thread, often.</param>
    /// <param name="cancellationToken">Ends the work early.</param>
    /// <exception cref="Contracts.Errors.ModelException">The weights cannot be quantized.</exception>
    Task QuantizeAsync(
        string sourcePath, string targetPath, string type, Action<long> progress, CancellationToken cancellationToken);
}
