namespace Ollama.Platform.Contracts.Library;

/// <summary>
/// One step of a long operation on the library (create, pull, push), as Ollama's progress lines report it.
/// </summary>
/// <param name="Status">What is being done, in the words of the wire; <c>success</c> is the last one.</param>
/// <param name="Digest">The layer that is being moved; null for a step that moves none.</param>
/// <param name="TotalBytes">Size of the layer in bytes; zero when unknown.</param>
/// <param name="CompletedBytes">Bytes of the layer that are done.</param>
public sealed record TransferProgress(
    string Status, Digest? Digest = null, long TotalBytes = 0, long CompletedBytes = 0)
{
    /// <summary>
    /// What tells the bar of this step from others; null for a step without one. Steps that move no single layer, such
    /// as quantizing, have one that is no digest.
    /// </summary>
    public string? Key { get; init; } = Digest?.ToString();
}
