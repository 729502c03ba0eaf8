namespace Ollama.Platform.BlobStore.Gguf;

/// <summary>The types of metadata values; the numbers are the file format's.</summary>
public enum GgufValueType
{
    /// <summary>8-bit unsigned.</summary>
    U8 = 0,

    /// <summary>8-bit signed.</summary>
    I8 = 1,

    /// <summary>16-bit unsigned.</summary>
    U16 = 2,

    /// <summary>16-bit signed.</summary>
    I16 = 3,

    /// <summary>32-bit unsigned.</summary>
    U32 = 4,

    /// <summary>32-bit signed.</summary>
    I32 = 5,

    /// <summary>32-bit float.</summary>
    F32 = 6,

    /// <summary>One byte; not 0 means true.</summary>
    Bool = 7,

    /// <summary>Length and bytes.</summary>
    Text = 8,

    /// <summary>Element type, count and elements.</summary>
    Array = 9,

    /// <summary>64-bit unsigned.</summary>
    U64 = 10,

    /// <summary>64-bit signed.</summary>
    I64 = 11,

    /// <summary>64-bit float.</summary>
    F64 = 12,
}
