using System.Globalization;

namespace Ollama.Platform.Benchmarks.Models;

/// <summary>Writes an embedding model of the nomic-bert architecture with random weights, as F16.</summary>
internal static class RandomEncoder
{
    /// <summary>GGUF architecture.</summary>
    public const string Architecture = "nomic-bert";

    private const int ContextTokens = 2048;
    private const int SegmentCount = 2;
    private const uint MeanPooling = 1;

    /// <summary>Writes the file.</summary>
    public static void Write(string path, ModelShape shape, int seed)
    {
        using var writer = new GgufWriter(path);
        WriteMetadata(writer, shape);
        foreach (var tensor in Tensors(shape))
        {
            writer.AddTensor(tensor);
        }

        writer.Finish(seed);
    }

    private static void WriteMetadata(GgufWriter writer, ModelShape shape)
    {
        writer.Add("general.architecture", Architecture);
        writer.Add("general.name", shape.Name);
        writer.Add("general.file_type", 1u);
        writer.Add($"{Architecture}.block_count", (uint)shape.LayerCount);
        writer.Add($"{Architecture}.context_length", (uint)ContextTokens);
        writer.Add($"{Architecture}.embedding_length", (uint)shape.EmbeddingLength);
        writer.Add($"{Architecture}.feed_forward_length", (uint)shape.FeedForwardLength);
        writer.Add($"{Architecture}.attention.head_count", (uint)shape.HeadCount);
        writer.Add($"{Architecture}.attention.layer_norm_epsilon", 1e-12f);
        writer.Add($"{Architecture}.attention.causal", false);
        writer.Add($"{Architecture}.pooling_type", MeanPooling);
        writer.Add($"{Architecture}.rope.freq_base", 1000f);
        writer.Add("tokenizer.ggml.model", "bert");
        writer.Add("tokenizer.ggml.token_type_count", (uint)SegmentCount);
        writer.Add("tokenizer.ggml.tokens", [.. Enumerable.Range(0, shape.VocabularySize).Select(WordPieces.Of)]);
        writer.Add("tokenizer.ggml.bos_token_id", (uint)WordPieces.ClassToken);
        writer.Add("tokenizer.ggml.eos_token_id", (uint)WordPieces.SeparatorToken);
        writer.Add("tokenizer.ggml.unknown_token_id", (uint)WordPieces.UnknownToken);
        writer.Add("tokenizer.ggml.seperator_token_id", (uint)WordPieces.SeparatorToken);
        writer.Add("tokenizer.ggml.padding_token_id", 0u);
    }

    private static IEnumerable<TensorPlan> Tensors(ModelShape shape)
    {
        long width = shape.EmbeddingLength;
        long innerWidth = shape.FeedForwardLength;
        yield return Matrix("token_embd", width, shape.VocabularySize);
        yield return new TensorPlan("token_types.weight", [width, SegmentCount], TensorFill.NormalSingles);
        foreach (var part in Norm("token_embd_norm", width))
        {
            yield return part;
        }

        for (var layer = 0; layer < shape.LayerCount; layer++)
        {
            var block = string.Create(CultureInfo.InvariantCulture, $"blk.{layer}.");
            yield return Matrix(block + "attn_qkv", width, 3 * width);
            yield return Matrix(block + "attn_output", width, width);
            yield return Matrix(block + "ffn_up", width, innerWidth);
            yield return Matrix(block + "ffn_gate", width, innerWidth);
            yield return Matrix(block + "ffn_down", innerWidth, width);
            var norms = Norm(block + "attn_output_norm", width).Concat(Norm(block + "layer_output_norm", width));
            foreach (var part in norms)
            {
                yield return part;
            }
        }
    }

    private static TensorPlan Matrix(string name, long columns, long rows) =>
        new(name + ".weight", [columns, rows], TensorFill.NormalHalves);

    private static IEnumerable<TensorPlan> Norm(string name, long length) =>
    [
        new(name + ".weight", [length], TensorFill.Ones),
        new(name + ".bias", [length], TensorFill.NormalSingles),
    ];
}
