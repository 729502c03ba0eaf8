using System.Text.Json;
using Ollama.Platform.BlobStore.Gguf;

namespace Ollama.Platform.UnitTests.BlobStore.Conversion;

/// <summary>A GGUF file taken apart for comparison.</summary>
internal sealed class GgufContent
{
    public GgufContent(string path)
    {
        File = GgufFile.Read(path);
        Keys = GgufMetadata.ToJson(path, File, arraysIncluded: true);
        using var stream = System.IO.File.OpenRead(path);
        foreach (var tensor in File.Tensors)
        {
            var bytes = new byte[tensor.Bytes];
            stream.Position = File.DataOffset + tensor.Offset;
            stream.ReadExactly(bytes);
            Tensors[tensor.Name] = bytes;
        }
    }

    public GgufFile File { get; }

    public IReadOnlyDictionary<string, JsonElement> Keys { get; }

    public Dictionary<string, byte[]> Tensors { get; } = [];

    public string Key(string name) => Keys[name].GetRawText();
}
