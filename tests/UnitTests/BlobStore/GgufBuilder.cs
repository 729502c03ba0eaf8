using System.Text;
using Ollama.Platform.BlobStore.Gguf;

namespace Ollama.Platform.UnitTests.BlobStore;

/// <summary>Writes GGUF files, sound ones and broken ones.</summary>
internal sealed class GgufBuilder
{
    private readonly List<(string Key, Action<BinaryWriter> Write)> _values = [];
    private readonly List<(string Name, long[] Shape, uint Type, ulong? Offset)> _tensors = [];

    public uint Version { get; set; } = 3;

    public ulong? KeyCount { get; set; }

    public ulong? TensorCount { get; set; }

    /// <summary>A model that passes every check: one layer, three tokens.</summary>
    public static GgufBuilder Model(string architecture = "llama") => new GgufBuilder()
        .Add("general.architecture", architecture)
        .Add("general.name", "Test")
        .Add("general.file_type", 1u)
        .Add(architecture + ".context_length", 128u)
        .Add(architecture + ".block_count", 1u)
        .Add(architecture + ".embedding_length", 8u)
        .Add(architecture + ".feed_forward_length", 16u)
        .Add(architecture + ".attention.head_count", 2u)
        .Add(architecture + ".attention.head_count_kv", 1u)
        .Add(architecture + ".attention.layer_norm_rms_epsilon", 1e-5f)
        .Add("tokenizer.ggml.model", "gpt2")
        .Add("tokenizer.ggml.tokens", ["a", "b", "<end>"])
        .Add("tokenizer.ggml.token_type", [1, 1, 3])
        .Add("tokenizer.ggml.scores", [0f, -1f, -2f])
        .Add("tokenizer.ggml.merges", ["a b"])
        .Add("tokenizer.ggml.eos_token_id", 2u)
        .Tensor("token_embd.weight", [8, 3])
        .Tensor("output_norm.weight", [8], 0);

    public GgufBuilder Add(string key, uint value) => Set(key, writer => Scalar(writer, GgufValueType.U32, value));

    public GgufBuilder Add(string key, float value) => Set(key, writer =>
    {
        writer.Write((uint)GgufValueType.F32);
        writer.Write(value);
    });

    public GgufBuilder Add(string key, ulong value) => Set(key, writer =>
    {
        writer.Write((uint)GgufValueType.U64);
        writer.Write(value);
    });

    public GgufBuilder Add(string key, bool value) => Set(key, writer =>
    {
        writer.Write((uint)GgufValueType.Bool);
        writer.Write(value);
    });

    public GgufBuilder Add(string key, string value) => Set(key, writer =>
    {
        writer.Write((uint)GgufValueType.Text);
        Text(writer, value);
    });

    public GgufBuilder Add(string key, string[] values) => Set(key, writer =>
    {
        Head(writer, GgufValueType.Text, values.Length);
        Array.ForEach(values, value => Text(writer, value));
    });

    public GgufBuilder Add(string key, int[] values) => Set(key, writer =>
    {
        Head(writer, GgufValueType.I32, values.Length);
        Array.ForEach(values, writer.Write);
    });

    public GgufBuilder Add(string key, float[] values) => Set(key, writer =>
    {
        Head(writer, GgufValueType.F32, values.Length);
        Array.ForEach(values, writer.Write);
    });

    /// <summary>Writes what follows the key: type and value. The same key stays in its place.</summary>
    public GgufBuilder Set(string key, Action<BinaryWriter> write)
    {
        var index = _values.FindIndex(value => value.Key == key);
        if (index < 0)
        {
            _values.Add((key, write));
        }
        else
        {
            _values[index] = (key, write);
        }

        return this;
    }

    public GgufBuilder Duplicate(string key)
    {
        _values.Add(_values.Find(value => value.Key == key));
        return this;
    }

    public GgufBuilder Remove(string key)
    {
        _values.RemoveAll(value => value.Key == key);
        return this;
    }

    public GgufBuilder Tensor(string name, long[] shape, uint type = 1, ulong? offset = null)
    {
        _tensors.Add((name, shape, type, offset));
        return this;
    }

    public GgufBuilder WithoutTensors()
    {
        _tensors.Clear();
        return this;
    }

    public byte[] Build()
    {
        var stream = new MemoryStream();
        var writer = new BinaryWriter(stream);
        writer.Write("GGUF"u8);
        writer.Write(Version);
        writer.Write(TensorCount ?? (ulong)_tensors.Count);
        writer.Write(KeyCount ?? (ulong)_values.Count);
        foreach (var (key, write) in _values)
        {
            Text(writer, key);
            write(writer);
        }

        long offset = 0;
        foreach (var (name, shape, type, at) in _tensors)
        {
            Text(writer, name);
            writer.Write((uint)shape.Length);
            Array.ForEach(shape, writer.Write);
            writer.Write(type);
            writer.Write(at ?? (ulong)offset);
            offset += Padded(Bytes(shape, type));
        }

        stream.SetLength(Padded(stream.Length) + offset);
        return stream.ToArray();
    }

    public MemoryStream Open() => new(Build());

    public string Save(string folder)
    {
        var path = Path.Combine(folder, Guid.NewGuid().ToString("N") + ".gguf");
        File.WriteAllBytes(path, Build());
        return path;
    }

    private static long Bytes(long[] shape, uint type)
    {
        var elements = shape.Aggregate(1L, (product, dimension) => unchecked(product * dimension));
        return GgmlType.TryGet(type, out var known) && elements is > 0 and < 1 << 20
            ? elements / known.BlockElements * known.BlockBytes
            : 0;
    }

    private static long Padded(long length) => (length + 31) & -32;

    private static void Scalar(BinaryWriter writer, GgufValueType type, uint value)
    {
        writer.Write((uint)type);
        writer.Write(value);
    }

    private static void Head(BinaryWriter writer, GgufValueType type, long count)
    {
        writer.Write((uint)GgufValueType.Array);
        writer.Write((uint)type);
        writer.Write(count);
    }

    private static void Text(BinaryWriter writer, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        writer.Write((ulong)bytes.Length);
        writer.Write(bytes);
    }
}
