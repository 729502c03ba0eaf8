using System.Buffers.Binary;
using System.Text;

namespace Ollama.Platform.FunctionalTests.Hosting;

/// <summary>
/// Changes the header of a sound GGUF file; on its own, so that a mistake of the product's reader cannot hide here.
/// </summary>
internal static class GgufEdit
{
    private const int Alignment = 32;
    private const int TextType = 8;
    private const int ArrayType = 9;
    private const int NumberType = 4;
    private const int FloatType = 6;
    private const int FloatTensor = 0;

    // Behind magic and version: how many tensors there are, then how many keys.
    private const int CountsStart = 8;

    /// <summary>The file with another text under a key, or without the key when the text is null.</summary>
    public static byte[] WithText(byte[] file, string key, string? text)
    {
        var (keyStart, valueStart, end, _, headerEnd) = Find(file, key);
        var replacement = new MemoryStream();
        if (text is not null)
        {
            replacement.Write(file.AsSpan(keyStart, valueStart - keyStart));
            var writer = new BinaryWriter(replacement);
            writer.Write(TextType);
            writer.Write((ulong)Encoding.UTF8.GetByteCount(text));
            writer.Write(Encoding.UTF8.GetBytes(text));
        }

        byte[] header = [.. file[..keyStart], .. replacement.ToArray(), .. file[end..headerEnd]];
        if (text is null)
        {
            var keys = header.AsSpan(CountsStart + sizeof(ulong));
            BinaryPrimitives.WriteUInt64LittleEndian(keys, BinaryPrimitives.ReadUInt64LittleEndian(keys) - 1);
        }

        return [.. header, .. new byte[Padded(header.Length) - header.Length], .. file[Padded(headerEnd)..]];
    }

    /// <summary>The file with one more key, which holds a number.</summary>
    public static byte[] WithNumber(byte[] file, string key, uint number) => WithKey(file, key, writer =>
    {
        writer.Write(NumberType);
        writer.Write(number);
    });

    /// <summary>The file with one more key, which holds a float.</summary>
    public static byte[] WithFloat(byte[] file, string key, float number) => WithKey(file, key, writer =>
    {
        writer.Write(FloatType);
        writer.Write(number);
    });

    /// <summary>The file with one more key, which holds a list of numbers.</summary>
    public static byte[] WithNumbers(byte[] file, string key, uint[] numbers) => WithKey(file, key, writer =>
    {
        writer.Write(ArrayType);
        writer.Write(NumberType);
        writer.Write((ulong)numbers.Length);
        Array.ForEach(numbers, writer.Write);
    });

    /// <summary>The file with one more tensor, of floats.</summary>
    public static byte[] WithTensor(byte[] file, string name, long[] shape, float[] values)
    {
        var start = DataStart(file);
        var data = file[start..];
        var entry = new MemoryStream();
        var writer = new BinaryWriter(entry);
        writer.Write((ulong)Encoding.UTF8.GetByteCount(name));
        writer.Write(Encoding.UTF8.GetBytes(name));
        writer.Write(shape.Length);
        Array.ForEach(shape, writer.Write);
        writer.Write(FloatTensor);
        writer.Write((ulong)Padded(data.Length));
        var changed = WithRecord(file, CountsStart, Find(file, "").HeaderEnd, entry.ToArray());
        byte[] bytes = new byte[Padded(values.Length * sizeof(float))];
        Buffer.BlockCopy(values, 0, bytes, 0, values.Length * sizeof(float));
        return [.. changed[..DataStart(changed)], .. data, .. new byte[Padded(data.Length) - data.Length], .. bytes];
    }

    /// <summary>The file with other bytes at the value of a key, type included, and the same length.</summary>
    public static byte[] WithBytes(byte[] file, string key, int offset, byte[] bytes)
    {
        byte[] changed = [.. file];
        bytes.CopyTo(changed, Find(file, key).ValueStart + offset);
        return changed;
    }

    /// <summary>The file with another first byte of a token's text.</summary>
    public static byte[] WithToken(byte[] file, int token, char first)
    {
        byte[] changed = [.. file];
        // Type, type of the items and their number stand in front.
        var at = Find(file, "tokenizer.ggml.tokens").ValueStart + sizeof(int) + sizeof(int) + sizeof(ulong);
        for (var index = 0; index < token; index++)
        {
            _ = Text(file, ref at);
        }

        changed[at + sizeof(ulong)] = (byte)first;
        return changed;
    }

    /// <summary>Where the last key ends.</summary>
    public static int KeysEnd(byte[] file) => Find(file, "").KeysEnd;

    /// <summary>Where the tensors' bytes begin.</summary>
    public static int DataStart(byte[] file) => Padded(Find(file, "general.architecture").HeaderEnd);

    private static byte[] WithKey(byte[] file, string key, Action<BinaryWriter> value)
    {
        var record = new MemoryStream();
        var writer = new BinaryWriter(record);
        writer.Write((ulong)Encoding.UTF8.GetByteCount(key));
        writer.Write(Encoding.UTF8.GetBytes(key));
        value(writer);
        return WithRecord(file, CountsStart + sizeof(ulong), Find(file, "").KeysEnd, record.ToArray());
    }

    /// <summary>Inserts bytes into the header and counts them in.</summary>
    private static byte[] WithRecord(byte[] file, int countAt, int at, byte[] record)
    {
        var headerEnd = Find(file, "").HeaderEnd;
        byte[] header = [.. file[..at], .. record, .. file[at..headerEnd]];
        var count = header.AsSpan(countAt);
        BinaryPrimitives.WriteUInt64LittleEndian(count, BinaryPrimitives.ReadUInt64LittleEndian(count) + 1);
        return [.. header, .. new byte[Padded(header.Length) - header.Length], .. file[Padded(headerEnd)..]];
    }

    private static (int KeyStart, int ValueStart, int End, int KeysEnd, int HeaderEnd) Find(byte[] file, string wanted)
    {
        var at = CountsStart;
        var tensorCount = (int)U64(file, ref at);
        var keyCount = (int)U64(file, ref at);
        (int KeyStart, int ValueStart, int End) found = default;
        for (var index = 0; index < keyCount; index++)
        {
            var keyStart = at;
            var key = Text(file, ref at);
            var valueStart = at;
            SkipValue(file, ref at, (int)U32(file, ref at));
            if (key == wanted)
            {
                found = (keyStart, valueStart, at);
            }
        }

        var keysEnd = at;
        for (var index = 0; index < tensorCount; index++)
        {
            _ = Text(file, ref at);
            var dimensionCount = (int)U32(file, ref at);
            at += (dimensionCount * sizeof(ulong)) + sizeof(uint) + sizeof(ulong);
        }

        return (found.KeyStart, found.ValueStart, found.End, keysEnd, at);
    }

    private static void SkipValue(byte[] file, ref int at, int type)
    {
        if (type == TextType)
        {
            _ = Text(file, ref at);
        }
        else if (type == ArrayType)
        {
            var itemType = (int)U32(file, ref at);
            for (var left = U64(file, ref at); left > 0; left--)
            {
                SkipValue(file, ref at, itemType);
            }
        }
        else
        {
            at += type switch { 0 or 1 or 7 => 1, 2 or 3 => 2, 4 or 5 or 6 => 4, _ => 8 };
        }
    }

    private static string Text(byte[] file, ref int at)
    {
        var length = (int)U64(file, ref at);
        at += length;
        return Encoding.UTF8.GetString(file, at - length, length);
    }

    private static uint U32(byte[] file, ref int at) =>
        BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan((at += 4) - 4));

    private static ulong U64(byte[] file, ref int at) =>
        BinaryPrimitives.ReadUInt64LittleEndian(file.AsSpan((at += 8) - 8));

    private static int Padded(int length) => (length + Alignment - 1) / Alignment * Alignment;
}
