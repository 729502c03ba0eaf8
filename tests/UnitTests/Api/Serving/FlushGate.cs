using System.Threading.Channels;

namespace Ollama.Platform.UnitTests.Api.Serving;

/// <summary>
/// Holds a scripted stream back until the client has read what was sent before. What the client reads at once is then
/// what was flushed at once.
/// </summary>
internal sealed class FlushGate
{
    private readonly Channel<bool> _flushes = Channel.CreateBounded<bool>(1024);
    private volatile bool _isOpen;

    /// <summary>Lets everything through: an answer that is not streamed is read only when it is complete.</summary>
    public void Open()
    {
        _isOpen = true;
        _flushes.Writer.TryWrite(true);
    }

    /// <summary>The client has read a block.</summary>
    public void Release() => _flushes.Writer.TryWrite(true);

    /// <summary>Waits for the client to read the chunk that was just given.</summary>
    public async Task PassAsync(CancellationToken cancellationToken)
    {
        if (!_isOpen)
        {
            await _flushes.Reader.ReadAsync(cancellationToken);
        }
    }
}
