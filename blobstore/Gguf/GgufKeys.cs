using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Ollama.Platform.BlobStore.Gguf;

/// <summary>The metadata of a file to be written, in the order of adding. Each key can be added once.</summary>
public sealed class GgufKeys
{
    private readonly ArrayBufferWriter<byte> _bytes = new();
    private readonly HashSet<string> _keys = new(StringComparer.Ordinal);

    /// <summary>How many keys there are.</summary>
    public int Count => _keys.Count;

    /// <summary>The keys as the file holds them.</summary>
    public ReadOnlyMemory<byte> Bytes => _bytes.WrittenMemory;

    /// <summary>The key was added before.</summary>
    public bool Contains(string key) => _keys.Contains(key);

    /// <summary>Adds a text.</summary>
    public void Add(string key, string text)
    {
        Begin(key, GgufValueType.Text);
        Write(text);
    }

    /// <summary>Adds a truth.</summary>
    public void Add(string key, bool value)
    {
        Begin(key, GgufValueType.Bool);
        _bytes.Write([value ? (byte)1 : (byte)0]);
    }

    /// <summary>Adds a count or an id.</summary>
    public void Add(string key, uint value)
    {
        Begin(key, GgufValueType.U32);
        Write(value);
    }

    /// <summary>Adds a float.</summary>
    public void Add(string key, float value)
    {
        Begin(key, GgufValueType.F32);
        Write(BitConverter.SingleToUInt32Bits(value));
    }

    /// <summary>Adds a list of texts.</summary>
    public void Add(string key, IReadOnlyCollection<string> texts)
    {
        ArgumentNullException.ThrowIfNull(texts);
        BeginArray(key, GgufValueType.Text, texts.Count);
        foreach (var text in texts)
        {
            Write(text);
        }
    }

    /// <summary>Adds a list of integers.</summary>
    public void Add(string key, IReadOnlyCollection<int> numbers)
    {
        ArgumentNullException.ThrowIfNull(numbers);
        BeginArray(key, GgufValueType.I32, numbers.Count);
        foreach (var number in numbers)
        {
            Write((uint)number);
        }
    }

    /// <summary>Adds a list of floats.</summary>
    public void Add(string key, IReadOnlyCollection<float> numbers)
    {
        ArgumentNullException.ThrowIfNull(numbers);
        BeginArray(key, GgufValueType.F32, numbers.Count);
        foreach (var number in numbers)
        {
            Write(BitConverter.SingleToUInt32Bits(number));
        }
    }

    /// <summary>Adds bytes, as an array of them.</summary>
    public void Add(string key, ReadOnlySpan<byte> bytes)
    {
        BeginArray(key, GgufValueType.U8, bytes.Length);
        _bytes.Write(bytes);
    }

    private void Begin(string key, GgufValueType type)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        if (!_keys.Add(key))
        {
            throw new ArgumentException($"The key '{key}' was added before.", nameof(key));
        }

        Write(key);
        Write((uint)type);
    }

    private void BeginArray(string key, GgufValueType elementType, int count)
    {
        Begin(key, GgufValueType.Array);
        Write((uint)elementType);
        WriteLength(count);
    }

    private void Write(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        WriteLength(bytes.Length);
        _bytes.Write(bytes);
    }

    private void Write(uint value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        _bytes.Write(bytes);
    }

    private void WriteLength(int length)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, (ulong)length);
        _bytes.Write(bytes);
    }
}
