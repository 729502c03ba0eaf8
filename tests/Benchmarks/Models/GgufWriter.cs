using System.Runtime.InteropServices;
using System.Text;

namespace Ollama.Platform.Benchmarks.Models;

/// <summary>Writes a GGUF 3 file: metadata, then tensors, whose weights are drawn only when they are written.</summary>
internal sealed class GgufWriter(string path) : IDisposable
{
    private const int Alignment = 32;
    private const uint TypeUint32 = 4, TypeInt32 = 5, TypeFloat32 = 6, TypeBool = 7, TypeString = 8, TypeArray = 9;
    private const uint TensorF32 = 0, TensorF16 = 1, TensorQ4K = 12, TensorQ6K = 14;

    private readonly BinaryWriter _file = new(File.Create(path));
    private readonly MemoryStream _metadata = new();
    private readonly List<TensorPlan> _tensors = [];
    private int _keyCount;

    public void Add(string key, string value) => Key(key, TypeString, writer => Text(writer, value));

    public void Add(string key, uint value) => Key(key, TypeUint32, writer => writer.Write(value));

    public void Add(string key, float value) => Key(key, TypeFloat32, writer => writer.Write(value));

    public void Add(string key, bool value) => Key(key, TypeBool, writer => writer.Write(value));

    public void Add(string key, string[] values) => Key(key, TypeArray, writer =>
    {
        writer.Write(TypeString);
        writer.Write((ulong)values.Length);
        foreach (var value in values)
        {
            Text(writer, value);
        }
    });

    public void Add(string key, int[] values) => Key(key, TypeArray, writer =>
    {
        writer.Write(TypeInt32);
        writer.Write((ulong)values.Length);
        writer.Write(MemoryMarshal.AsBytes(values.AsSpan()));
    });

    public void AddTensor(TensorPlan tensor) => _tensors.Add(tensor);

    /// <summary>Writes everything.</summary>
    /// <param name="seed">Draws what the tensors are filled with, unless they are filled with ones.</param>
    public void Finish(int seed)
    {
        var weights = new WeightTables(seed);
        _file.Write("GGUF"u8);
        _file.Write(3u);
        _file.Write((ulong)_tensors.Count);
        _file.Write((ulong)_keyCount);
        _file.Write(_metadata.ToArray());
        long offset = 0;
        foreach (var tensor in _tensors)
        {
            Text(_file, tensor.Name);
            _file.Write((uint)tensor.Dimensions.Length);
            foreach (var dimension in tensor.Dimensions)
            {
                _file.Write((ulong)dimension);
            }

            _file.Write(TypeOf(tensor.Fill));
            _file.Write((ulong)offset);
            offset = Aligned(offset + tensor.ByteCount);
        }

        Pad();
        foreach (var tensor in _tensors)
        {
            for (var written = 0L; written < tensor.ByteCount;)
            {
                var bytes = weights.Next(tensor.Fill, tensor.ByteCount - written);
                _file.Write(bytes);
                written += bytes.Length;
            }

            Pad();
        }
    }

    public void Dispose()
    {
        _file.Dispose();
        _metadata.Dispose();
    }

    private static uint TypeOf(TensorFill fill) => fill switch
    {
        TensorFill.NormalHalves => TensorF16,
        TensorFill.FourBitBlocks => TensorQ4K,
        TensorFill.SixBitBlocks => TensorQ6K,
        _ => TensorF32,
    };

    private void Key(string key, uint type, Action<BinaryWriter> value)
    {
        using var writer = new BinaryWriter(_metadata, Encoding.UTF8, leaveOpen: true);
        Text(writer, key);
        writer.Write(type);
        value(writer);
        _keyCount++;
    }

    private void Pad()
    {
        _file.Flush();
        var position = _file.BaseStream.Position;
        _file.Write(new byte[Aligned(position) - position]);
    }

    private static long Aligned(long offset) => (offset + Alignment - 1) / Alignment * Alignment;

    private static void Text(BinaryWriter writer, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        writer.Write((ulong)bytes.Length);
        writer.Write(bytes);
    }
}
