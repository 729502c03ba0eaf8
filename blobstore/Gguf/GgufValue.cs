namespace Ollama.Platform.BlobStore.Gguf;

/// <summary>One metadata value. Arrays are described; the elements of all but short ones stay in the file.</summary>
public sealed record GgufValue
{
    /// <summary>The key that it stands under.</summary>
    public required string Key { get; init; }

    /// <summary>Which of the other members holds the value.</summary>
    public required GgufValueType Type { get; init; }

    /// <summary>Where key, type and value begin in the file.</summary>
    public long RecordOffset { get; init; }

    /// <summary>Length of key, type and value together.</summary>
    public long RecordBytes { get; init; }

    /// <summary>The number of an integer type, or 0 and 1 for a bool; a UInt64 above the long range wraps.</summary>
    public long Number { get; init; }

    /// <summary>The number of a float type.</summary>
    public double Real { get; init; }

    /// <summary>The text of a string; bytes that are not UTF-8 became U+FFFD.</summary>
    public string Text { get; init; } = "";

    /// <summary>Type of an array's elements.</summary>
    public GgufValueType ElementType { get; init; }

    /// <summary>Number of an array's elements.</summary>
    public long ElementCount { get; init; }

    /// <summary>Where an array's first element lies in the file.</summary>
    public long ElementOffset { get; init; }

    /// <summary>The elements of a short array of integers or bools; null for any other value.</summary>
    public IReadOnlyList<long>? Integers { get; init; }

    /// <summary>The value is an integer of any width.</summary>
    public bool IsInteger => Type is GgufValueType.U8 or GgufValueType.I8 or GgufValueType.U16
        or GgufValueType.I16 or GgufValueType.U32 or GgufValueType.I32 or GgufValueType.U64
        or GgufValueType.I64;
}
