using System.Text.RegularExpressions;
using Ollama.Platform.BlobStore.Gguf;

namespace Ollama.Platform.UnitTests.BlobStore.Conversion;

/// <summary>
/// The shipped models in the layout of Hugging Face: their tensors are taken from the GGUF files and put back into
/// the order in which they were trained; the other files are the originals.
/// </summary>
internal static partial class TwinFolder
{
    private static readonly Dictionary<string, string> LlamaNames = new()
    {
        ["token_embd"] = "model.embed_tokens",
        ["output_norm"] = "model.norm",
        ["attn_norm"] = "input_layernorm",
        ["ffn_norm"] = "post_attention_layernorm",
        ["attn_q"] = "self_attn.q_proj",
        ["attn_k"] = "self_attn.k_proj",
        ["attn_v"] = "self_attn.v_proj",
        ["attn_output"] = "self_attn.o_proj",
        ["ffn_gate"] = "mlp.gate_proj",
        ["ffn_up"] = "mlp.up_proj",
        ["ffn_down"] = "mlp.down_proj",
    };

    private static readonly Dictionary<string, string> BertNames = new()
    {
        ["token_embd"] = "embeddings.word_embeddings",
        ["position_embd"] = "embeddings.position_embeddings",
        ["token_types"] = "embeddings.token_type_embeddings",
        ["token_embd_norm"] = "embeddings.LayerNorm",
        ["attn_q"] = "attention.self.query",
        ["attn_k"] = "attention.self.key",
        ["attn_v"] = "attention.self.value",
        ["attn_output"] = "attention.output.dense",
        ["attn_output_norm"] = "attention.output.LayerNorm",
        ["ffn_up"] = "intermediate.dense",
        ["ffn_down"] = "output.dense",
        ["layer_output_norm"] = "output.LayerNorm",
    };

    public static string Originals { get; } = Path.Combine(AppContext.BaseDirectory, "twins");

    public static string GgufOf(string model) => Path.Combine(AppContext.BaseDirectory, "models", model + ".gguf");

    /// <summary>Writes a model's directory, with its tensors in one file or in several with an index.</summary>
    public static void Write(string model, string folder, int fileCount = 1)
    {
        var originals = Path.Combine(Originals, model);
        foreach (var original in Directory.EnumerateFiles(originals, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(folder, Path.GetRelativePath(originals, original));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(original, target, overwrite: true);
        }

        var gguf = GgufFile.Read(GgufOf(model));
        var builders = Enumerable.Range(0, fileCount).Select(_ => new SafetensorsBuilder()).ToList();
        var index = new System.Text.Json.Nodes.JsonObject();
        using var stream = File.OpenRead(GgufOf(model));
        for (var position = 0; position < gguf.Tensors.Count; position++)
        {
            var tensor = gguf.Tensors[position];
            var bytes = new byte[tensor.Bytes];
            stream.Position = gguf.DataOffset + tensor.Offset;
            stream.ReadExactly(bytes);
            var heads = tensor.Name.EndsWith("attn_q.weight", StringComparison.Ordinal) ? 4
                : tensor.Name.EndsWith("attn_k.weight", StringComparison.Ordinal) ? 2 : 0;
            var name = NameOf(gguf.Architecture, tensor.Name);
            var file = position % fileCount;
            index[name] = FileName(file, fileCount);
            builders[file].Add(name, tensor.Type.Name, [.. tensor.Shape.Reverse()],
                gguf.Architecture == "llama" && heads > 0 ? Halves(bytes, (int)tensor.Shape[1] / heads, heads) : bytes);
        }

        for (var file = 0; file < fileCount; file++)
        {
            builders[file].Write(Path.Combine(folder, FileName(file, fileCount)));
        }

        if (fileCount > 1)
        {
            File.WriteAllText(Path.Combine(folder, "model.safetensors.index.json"),
                new System.Text.Json.Nodes.JsonObject { ["weight_map"] = index }.ToJsonString());
        }
    }

    private static string FileName(int file, int count) =>
        count == 1 ? "model.safetensors" : $"model-{file + 1:00000}-of-{count:00000}.safetensors";

    private static string NameOf(string architecture, string name)
    {
        var match = LayerName().Match(name);
        var layer = match.Success ? match.Groups[1].Value : null;
        var rest = match.Success ? match.Groups[2].Value : name;
        var dot = rest.LastIndexOf('.');
        var isLlama = architecture == "llama";
        var known = (isLlama ? LlamaNames : BertNames)[rest[..dot]];
        var prefix = layer is null ? "" : isLlama ? $"model.layers.{layer}." : $"encoder.layer.{layer}.";
        return prefix + known + rest[dot..];
    }

    /// <summary>Rows that alternate between the halves of a head become two halves again.</summary>
    private static byte[] Halves(byte[] bytes, int rowCount, int headCount)
    {
        var halves = new byte[bytes.Length];
        var row = bytes.Length / (rowCount * headCount);
        for (var index = 0; index < rowCount * headCount; index++)
        {
            var (head, place) = (index / rowCount, index % rowCount);
            var original = (head * rowCount) + (place % 2 * (rowCount / 2)) + (place / 2);
            bytes.AsSpan(index * row, row).CopyTo(halves.AsSpan(original * row));
        }

        return halves;
    }

    [GeneratedRegex(@"^blk\.(\d+)\.(.+)$")]
    private static partial Regex LayerName();
}
