using System.Globalization;

namespace Ollama.Platform.Benchmarks.Models;

/// <summary>Writes a GGUF file of a given shape with weights drawn from N(0, 0.02) by a fixed seed.</summary>
internal static class RandomModel
{
    private const float Deviation = 0.02f;
    private const int ContextTokens = 32768;
    private const int EndToken = 0;
    private const int NormalTokenType = 1;
    private const int ControlTokenType = 3;

    /// <summary>Writes the file as F16; the norms stay F32, as converters leave them.</summary>
    public static void Write(string path, ModelShape shape, int seed)
    {
        using var writer = new GgufWriter(path);
        WriteMetadata(writer, shape);
        var random = new Random(seed);
        foreach (var (name, dimensions, half) in Tensors(shape))
        {
            writer.AddTensor(name, dimensions, half, count => Values(random, count, name));
        }

        writer.Finish();
    }

    private static void WriteMetadata(GgufWriter writer, ModelShape shape)
    {
        var prefix = shape.Architecture;
        writer.Add("general.architecture", shape.Architecture);
        writer.Add("general.name", shape.Name);
        writer.Add("general.file_type", 1u);
        writer.Add($"{prefix}.block_count", (uint)shape.LayerCount);
        writer.Add($"{prefix}.context_length", (uint)ContextTokens);
        writer.Add($"{prefix}.embedding_length", (uint)shape.EmbeddingLength);
        writer.Add($"{prefix}.feed_forward_length", (uint)shape.FeedForwardLength);
        writer.Add($"{prefix}.attention.head_count", (uint)shape.HeadCount);
        writer.Add($"{prefix}.attention.head_count_kv", (uint)shape.KeyValueHeadCount);
        writer.Add($"{prefix}.attention.layer_norm_rms_epsilon", 1e-6f);
        writer.Add($"{prefix}.rope.dimension_count", (uint)shape.HeadLength);
        writer.Add($"{prefix}.rope.freq_base", 1_000_000f);
        writer.Add($"{prefix}.vocab_size", (uint)shape.VocabularySize);
        writer.Add("tokenizer.ggml.model", "gpt2");
        writer.Add("tokenizer.ggml.pre", "qwen2");
        writer.Add("tokenizer.ggml.tokens", [.. Enumerable.Range(0, shape.VocabularySize).Select(Piece)]);
        writer.Add(
            "tokenizer.ggml.token_type",
            [.. Enumerable.Range(0, shape.VocabularySize).Select(token => token == EndToken ? ControlTokenType : NormalTokenType)]);
        writer.Add("tokenizer.ggml.merges", [Piece(1) + " " + Piece(2)]);
        writer.Add("tokenizer.ggml.eos_token_id", (uint)EndToken);
        writer.Add("tokenizer.ggml.bos_token_id", (uint)EndToken);
        writer.Add("tokenizer.ggml.add_bos_token", false);
    }

    /// <summary>The byte alphabet of byte-level BPE first, then made-up words of about the usual length.</summary>
    private static string Piece(int token)
    {
        if (token == EndToken)
        {
            return "<|end|>";
        }

        var value = token - 1;
        return value < 94
            ? ((char)('!' + value)).ToString()
            : value < 256 ? ((char)(0x100 + value)).ToString() : "Ġw" + value.ToString("x", CultureInfo.InvariantCulture);
    }

    private static IEnumerable<(string Name, long[] Dimensions, bool Half)> Tensors(ModelShape shape)
    {
        long width = shape.EmbeddingLength;
        long keyWidth = (long)shape.HeadLength * shape.KeyValueHeadCount;
        yield return ("token_embd.weight", [width, shape.VocabularySize], true);
        yield return ("output_norm.weight", [width], false);
        for (var layer = 0; layer < shape.LayerCount; layer++)
        {
            var block = $"blk.{layer}.";
            yield return (block + "attn_norm.weight", [width], false);
            yield return (block + "attn_q.weight", [width, width], true);
            yield return (block + "attn_k.weight", [width, keyWidth], true);
            yield return (block + "attn_v.weight", [width, keyWidth], true);
            yield return (block + "attn_output.weight", [width, width], true);
            if (shape.HasBiases)
            {
                yield return (block + "attn_q.bias", [width], false);
                yield return (block + "attn_k.bias", [keyWidth], false);
                yield return (block + "attn_v.bias", [keyWidth], false);
            }

            yield return (block + "ffn_norm.weight", [width], false);
            yield return (block + "ffn_gate.weight", [width, shape.FeedForwardLength], true);
            yield return (block + "ffn_up.weight", [width, shape.FeedForwardLength], true);
            yield return (block + "ffn_down.weight", [shape.FeedForwardLength, width], true);
        }
    }

    private static float[] Values(Random random, int count, string name)
    {
        var values = new float[count];
        if (name.EndsWith("norm.weight", StringComparison.Ordinal))
        {
            Array.Fill(values, 1f);
            return values;
        }

        // Sum of uniforms: near enough to normal for the speed of a matrix product, and quick to draw.
        for (var index = 0; index < count; index++)
        {
            values[index] = Deviation
                * (random.NextSingle() + random.NextSingle() + random.NextSingle() + random.NextSingle() - 2) * 1.732f;
        }

        return values;
    }
}
