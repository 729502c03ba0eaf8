namespace Ollama.Platform.BlobStore.Gguf;

/// <summary>The checked header of a GGUF file: metadata and tensor table, without any tensor.</summary>
public sealed class GgufFile
{
    // A record of the table and what hangs on it.
    private const int EntryBytes = 256;

    private readonly Dictionary<string, GgufValue> _byKey;

    internal GgufFile(
        uint version, long fileBytes, long dataOffset, IReadOnlyList<GgufValue> values,
        IReadOnlyList<GgufTensor> tensors)
    {
        (Version, FileBytes, DataOffset, Values, Tensors) = (version, fileBytes, dataOffset, values, tensors);
        _byKey = values.ToDictionary(value => value.Key, StringComparer.Ordinal);
        ParameterCount = tensors.Sum(tensor => tensor.ElementCount);
    }

    /// <summary>Version of the format, 2 or 3.</summary>
    public uint Version { get; }

    /// <summary>Length of the file.</summary>
    public long FileBytes { get; }

    /// <summary>Where the first tensor begins.</summary>
    public long DataOffset { get; }

    /// <summary>The metadata in file order.</summary>
    public IReadOnlyList<GgufValue> Values { get; }

    /// <summary>The tensors in file order.</summary>
    public IReadOnlyList<GgufTensor> Tensors { get; }

    /// <summary>Elements of all tensors together.</summary>
    public long ParameterCount { get; }

    /// <summary>About how much memory the header takes, in bytes.</summary>
    public long KeptBytes => (long)Tensors.Count * EntryBytes + Values.Sum(
        value => EntryBytes + (2L * (value.Key.Length + value.Text.Length)) + (8L * (value.Integers?.Count ?? 0)));

    /// <summary><c>general.architecture</c>; empty when it is absent.</summary>
    public string Architecture => FindText("general.architecture") ?? "";

    /// <summary>Reads and checks the header of a file.</summary>
    /// <exception cref="GgufException">The file is no usable GGUF file.</exception>
    public static GgufFile Read(string path)
    {
        using var stream = Open(path);
        return Read(stream);
    }

    /// <summary>Reads and checks a header from a stream that can seek.</summary>
    /// <exception cref="GgufException">The content is no usable GGUF file.</exception>
    public static GgufFile Read(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return new GgufParser(new GgufReader(stream)).Parse();
    }

    /// <summary>The value under a key; null when it is absent.</summary>
    public GgufValue? Find(string key) => _byKey.GetValueOrDefault(key);

    /// <summary>The string under a key; null when it is absent or no string.</summary>
    public string? FindText(string key) => Find(key) is { Type: GgufValueType.Text } value ? value.Text : null;

    /// <summary>The integer under a key; null when it is absent or no integer.</summary>
    public long? FindInteger(string key) => Find(key) is { IsInteger: true } value ? value.Number : null;

    /// <summary>The bool under a key; null when it is absent or no bool.</summary>
    public bool? FindBool(string key) =>
        Find(key) is { Type: GgufValueType.Bool } value ? value.Number != 0 : null;

    internal static FileStream Open(string path) =>
        new(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 0);
}
