using System.Runtime.InteropServices;
using System.Text;

namespace Ollama.Platform.Benchmarks.Models;

/// <summary>Writes a GGUF 3 file: metadata, then tensors that are drawn only when their data is written.</summary>
internal sealed class GgufWriter(string path) : IDisposable
{
    private const int Alignment = 32;
    private const int SliceElements = 1 << 20;
    private const uint TypeUint32 = 4, TypeInt32 = 5, TypeFloat32 = 6, TypeBool = 7, TypeString = 8, TypeArray = 9;
    private const uint TensorF32 = 0, TensorF16 = 1;

    private readonly BinaryWriter _file = new(File.Create(path));
    private readonly MemoryStream _metadata = new();
    private readonly List<(string Name, long[] Dimensions, bool Half, Func<int, float[]> Values)> _tensors = [];
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

    /// <summary>
    /// Announces a tensor; <paramref name="values"/> is asked for slices of it when the file is finished.
    /// </summary>
    public void AddTensor(string name, long[] dimensions, bool half, Func<int, float[]> values) =>
        _tensors.Add((name, dimensions, half, values));

    public void Finish()
    {
        _file.Write("GGUF"u8);
        _file.Write(3u);
        _file.Write((ulong)_tensors.Count);
        _file.Write((ulong)_keyCount);
        _file.Write(_metadata.ToArray());
        long offset = 0;
        foreach (var (name, dimensions, half, _) in _tensors)
        {
            Text(_file, name);
            _file.Write((uint)dimensions.Length);
            foreach (var dimension in dimensions)
            {
                _file.Write((ulong)dimension);
            }

            _file.Write(half ? TensorF16 : TensorF32);
            _file.Write((ulong)offset);
            offset = Aligned(offset + (Count(dimensions) * (half ? 2 : 4)));
        }

        Pad();
        foreach (var (_, dimensions, half, values) in _tensors)
        {
            for (var left = Count(dimensions); left > 0;)
            {
                var count = (int)Math.Min(left, SliceElements);
                WriteValues(values(count), half);
                left -= count;
            }

            Pad();
        }
    }

    public void Dispose()
    {
        _file.Dispose();
        _metadata.Dispose();
    }

    private void WriteValues(float[] values, bool half)
    {
        if (!half)
        {
            _file.Write(MemoryMarshal.AsBytes(values.AsSpan()));
            return;
        }

        var halves = new Half[values.Length];
        System.Numerics.Tensors.TensorPrimitives.ConvertToHalf(values, halves);
        _file.Write(MemoryMarshal.AsBytes(halves.AsSpan()));
    }

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

    private static long Count(long[] dimensions) => dimensions.Aggregate(1L, (product, dimension) => product * dimension);

    private static void Text(BinaryWriter writer, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        writer.Write((ulong)bytes.Length);
        writer.Write(bytes);
    }
}
