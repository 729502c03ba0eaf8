namespace Ollama.Platform.Api.Batches;

/// <summary>Room for a file that is under way; whoever disposes it gives it back.</summary>
/// <param name="bytesMax">How long the file may become.</param>
/// <param name="release">Gives the room back.</param>
internal sealed class FileRoom(long bytesMax, Action<FileRoom> release) : IDisposable
{
    /// <summary>How long the file may become, in bytes.</summary>
    public long BytesMax { get; } = bytesMax;

    /// <inheritdoc/>
    public void Dispose() => release(this);
}
