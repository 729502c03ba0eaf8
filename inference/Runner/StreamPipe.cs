using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;
using System.Runtime.InteropServices;

namespace Ollama.Platform.Inference.Runner;

/// <summary>
/// A pipe of frames over a stream of bytes, each behind its length. Believes no length beyond
/// <see cref="RunnerFrameCodec.FrameBytesMax"/> and holds no more than what has arrived.
/// </summary>
internal sealed class StreamPipe(Stream stream) : IRunnerPipe
{
    private const int LengthBytes = sizeof(int);

    // What a burst of tokens takes; larger frames make the buffer grow and it is let go again.
    private const int BufferBytesKept = 64 * 1024;

    private readonly PipeReader _reader = PipeReader.Create(stream, new StreamPipeReaderOptions(leaveOpen: true));
    private readonly SemaphoreSlim _writing = new(1, 1);
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ArrayBufferWriter<byte> _buffer = new();

    /// <summary>Completes when the other end is gone or this one was disposed.</summary>
    public Task Closed => _closed.Task;

    /// <inheritdoc/>
    /// <remarks>A frame that was begun is sent to its end, or the next could not be told from its rest.</remarks>
    public async ValueTask<bool> WriteAsync(RunnerFrame frame, CancellationToken cancellationToken)
    {
        await _writing.WaitAsync(cancellationToken);
        try
        {
            if (_closed.Task.IsCompleted)
            {
                return false;
            }

            await stream.WriteAsync(Encode(frame), CancellationToken.None);
            return true;
        }
        catch (Exception failure) when (failure is IOException or ObjectDisposedException)
        {
            _closed.TrySetResult();
            return false;
        }
        finally
        {
            _writing.Release();
        }
    }

    /// <inheritdoc/>
    /// <exception cref="RunnerProtocolException">What came is no frame; the pipe is of no more use.</exception>
    public async ValueTask<RunnerFrame?> ReadAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            ReadResult read;
            try
            {
                read = await _reader.ReadAsync(cancellationToken);
            }
            catch (Exception failure) when (failure is IOException or ObjectDisposedException
                or InvalidOperationException)
            {
                _closed.TrySetResult();
                return null;
            }

            var rest = read.Buffer;
            if (TryTake(ref rest) is { } frame)
            {
                _reader.AdvanceTo(rest.Start);
                return frame;
            }

            _reader.AdvanceTo(rest.Start, rest.End);
            if (read.IsCompleted)
            {
                // Half a frame at the end is what a process leaves that was killed while it wrote.
                _closed.TrySetResult();
                return null;
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _closed.TrySetResult();
        await stream.DisposeAsync();
    }

    private ReadOnlyMemory<byte> Encode(RunnerFrame frame)
    {
        if (_buffer.Capacity > BufferBytesKept)
        {
            _buffer = new ArrayBufferWriter<byte>(BufferBytesKept);
        }

        _buffer.ResetWrittenCount();
        _buffer.GetSpan(LengthBytes)[..LengthBytes].Clear();
        _buffer.Advance(LengthBytes);
        RunnerFrameCodec.Encode(frame, _buffer);
        var length = _buffer.WrittenCount - LengthBytes;
        if (length > RunnerFrameCodec.FrameBytesMax)
        {
            throw new RunnerProtocolException(
                $"A frame of {length} bytes exceeds {RunnerFrameCodec.FrameBytesMax}.");
        }

        var bytes = MemoryMarshal.AsMemory(_buffer.WrittenMemory);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.Span, length);
        return bytes;
    }

    private static RunnerFrame? TryTake(ref ReadOnlySequence<byte> rest)
    {
        if (rest.Length < LengthBytes)
        {
            return null;
        }

        Span<byte> prefix = stackalloc byte[LengthBytes];
        rest.Slice(0, LengthBytes).CopyTo(prefix);
        var length = BinaryPrimitives.ReadInt32LittleEndian(prefix);
        if (length is < 0 or > RunnerFrameCodec.FrameBytesMax)
        {
            throw new RunnerProtocolException($"{length} is no length of a frame.");
        }

        if (rest.Length < LengthBytes + length)
        {
            return null;
        }

        var bytes = rest.Slice(LengthBytes, length);
        var frame = RunnerFrameCodec.Decode(bytes.IsSingleSegment ? bytes.FirstSpan : bytes.ToArray());
        rest = rest.Slice(LengthBytes + length);
        return frame;
    }
}
