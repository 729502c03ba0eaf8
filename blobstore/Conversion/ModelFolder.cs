using System.Text;
using System.Text.Json;

namespace Ollama.Platform.BlobStore.Conversion;

/// <summary>
/// The files of a model by the names that they have in its directory, wherever they really lie: a store keeps each
/// as a blob. For one conversion at a time.
/// </summary>
public sealed class ModelFolder
{
    // The largest tokenizers, with 262,144 tokens and twice as many merges, take 33 MB.
    private const long TextBytesMax = 96L * 1024 * 1024;

    private readonly Dictionary<string, string> _paths;

    // Several steps of a conversion look at the same files.
    private readonly Dictionary<string, JsonElement> _read = new(StringComparer.Ordinal);

    /// <summary>Takes the paths of the files by their names; names use slashes and are relative.</summary>
    public ModelFolder(IReadOnlyDictionary<string, string> paths)
    {
        ArgumentNullException.ThrowIfNull(paths);
        _paths = new Dictionary<string, string>(paths.Count, StringComparer.Ordinal);
        foreach (var (name, path) in paths)
        {
            _paths[Clean(name)] = path;
        }
    }

    /// <summary>Names of the safetensors files, in order.</summary>
    public IReadOnlyList<string> TensorFileNames =>
        [.. _paths.Keys.Where(name => name.EndsWith(".safetensors", StringComparison.OrdinalIgnoreCase))
            .Order(StringComparer.Ordinal)];

    /// <summary>Takes every file of a directory.</summary>
    public static ModelFolder Open(string directory) => new(
        Directory.EnumerateFiles(directory, "*", SearchOption.AllDirectories)
            .ToDictionary(path => Path.GetRelativePath(directory, path), path => path));

    /// <summary>The file is there.</summary>
    public bool Contains(string name) => _paths.ContainsKey(name);

    /// <summary>Where a file that is there lies.</summary>
    public string PathOf(string name) => _paths[name];

    /// <summary>The JSON in a file; null when it is absent.</summary>
    /// <exception cref="ConversionException">The file is no JSON or too long.</exception>
    public JsonElement? ReadJson(string name)
    {
        if (_read.TryGetValue(name, out var known))
        {
            return known;
        }

        if (ReadBytes(name) is not { } bytes)
        {
            return null;
        }

        try
        {
            var json = bytes.AsMemory(bytes.AsSpan().StartsWith(Encoding.UTF8.Preamble) ? 3 : 0);
            return _read[name] = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 64 }).RootElement;
        }
        catch (JsonException failure)
        {
            throw new ConversionException($"The file '{name}' is no valid JSON: {failure.Message}", failure);
        }
    }

    /// <summary>The text in a file; null when it is absent.</summary>
    /// <exception cref="ConversionException">The file is too long.</exception>
    public string? ReadText(string name) => ReadBytes(name) is { } bytes ? Encoding.UTF8.GetString(bytes) : null;

    /// <summary>The bytes of a file; null when it is absent.</summary>
    /// <exception cref="ConversionException">The file is too long.</exception>
    public byte[]? ReadBytes(string name)
    {
        if (!_paths.TryGetValue(name, out var path))
        {
            return null;
        }

        var bytes = new FileInfo(path).Length;
        return bytes <= TextBytesMax
            ? File.ReadAllBytes(path)
            : throw new ConversionException($"The file '{name}' is {bytes} bytes long, more than {TextBytesMax}.");
    }

    private static string Clean(string name)
    {
        var clean = name.Replace('\\', '/');
        return clean.StartsWith("./", StringComparison.Ordinal) ? clean[2..] : clean;
    }
}
