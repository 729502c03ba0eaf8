using System.IO.Pipelines;

namespace Ollama.Platform.UnitTests.Inference;

/// <summary>One end of a connection within memory. Disposing it ends both directions, as a dead process does.</summary>
internal sealed class MemoryStreams : Stream
{
    private readonly Pipe _incoming;
    private readonly Pipe _outgoing;
    private readonly Closing _closing;

    private MemoryStreams(Pipe incoming, Pipe outgoing, Closing closing) =>
        (_incoming, _outgoing, _closing) = (incoming, outgoing, closing);

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public static (Stream First, Stream Second) CreatePair()
    {
        var (one, other, closing) = (new Pipe(), new Pipe(), new Closing());
        return (new MemoryStreams(one, other, closing), new MemoryStreams(other, one, closing));
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await _incoming.Reader.ReadAsync(cancellationToken);
        var count = (int)Math.Min(read.Buffer.Length, buffer.Length);
        var taken = read.Buffer.Slice(0, count);
        var written = 0;
        foreach (var segment in taken)
        {
            segment.CopyTo(buffer[written..]);
            written += segment.Length;
        }

        _incoming.Reader.AdvanceTo(taken.End);
        return count;
    }

    public override async ValueTask WriteAsync(
        ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ThrowIfClosed();
        try
        {
            await _outgoing.Writer.WriteAsync(buffer, cancellationToken);
        }
        catch (InvalidOperationException) when (_closing.IsClosed)
        {
        }

        ThrowIfClosed();
    }

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        _closing.IsClosed = true;
        _incoming.Writer.Complete();
        _outgoing.Writer.Complete();
        // A writer that waits for room must not wait for ever.
        _incoming.Writer.CancelPendingFlush();
        _outgoing.Writer.CancelPendingFlush();
    }

    private void ThrowIfClosed()
    {
        if (_closing.IsClosed)
        {
            throw new IOException("The connection is closed.");
        }
    }

    private sealed class Closing
    {
        public volatile bool IsClosed;
    }
}
