using System.Buffers;

namespace Ollama.Platform.UnitTests.Inference;

/// <summary>Bytes that tell whether they were given back.</summary>
internal sealed class ArrayOwner(byte[] bytes) : IMemoryOwner<byte>
{
    public bool Disposed { get; private set; }

    public Memory<byte> Memory => bytes;

    public void Dispose()
    {
        Assert.False(Disposed, "The bytes were given back twice.");
        Disposed = true;
    }
}
