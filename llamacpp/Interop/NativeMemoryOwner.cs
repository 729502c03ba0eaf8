using System.Buffers;
using System.Runtime.InteropServices;

namespace Ollama.Platform.LlamaCpp.Interop;

/// <summary>
/// Bytes outside the managed heap: megabytes that come and go rarely would cost a full collection each, and stay after
/// they are needed.
/// </summary>
internal sealed unsafe class NativeMemoryOwner(int length) : MemoryManager<byte>
{
    private void* _start = NativeMemory.Alloc((nuint)length);

    /// <inheritdoc/>
    public override Span<byte> GetSpan()
    {
        ObjectDisposedException.ThrowIf(_start is null, this);
        return new Span<byte>(_start, length);
    }

    /// <inheritdoc/>
    public override MemoryHandle Pin(int elementIndex = 0) =>
        new((byte*)_start + elementIndex, default(GCHandle), this);

    /// <inheritdoc/>
    public override void Unpin()
    {
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        NativeMemory.Free(_start);
        _start = null;
    }
}
