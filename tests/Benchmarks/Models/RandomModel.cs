using System.Globalization;

namespace Ollama.Platform.Benchmarks.Models;

/// <summary>Writes a GGUF file of a given shape with weights drawn from N(0, 0.02) by a fixed seed.</summary>
internal static class RandomModel
{
    private const int ContextTokens = 32768;
    private const int EndToken = 0;
    private const int NormalTokenType = 1;
    private const int ControlTokenType = 3;
    private const uint TypeF16 = 1;

    /// <summary>Writes the file as F16; the norms stay F32, as converters leave them.</summary>
    public static void Write(string path, ModelShape shape, int seed) =>
        Write(path, shape, TypeF16, Tensors(shape), seed);

    /// <summary>Writes the file as Q4_K_M, as the quantizer would mix it.</summary>
    public static void WriteQuantized(string path, ModelShape shape, int seed) => Write(
        path,
        shape,
        (uint)QuantizationType.Q4_K_M,
        Tensors(shape).Select(tensor => tensor.Fill != TensorFill.NormalHalves ? tensor : tensor with
        {
            Fill = IsSensitive(tensor.Name, shape.LayerCount) ? TensorFill.SixBitBlocks : TensorFill.FourBitBlocks,
        }),
        seed);

    private static void Write(
        string path, ModelShape shape, uint type, IEnumerable<TensorPlan> tensors, int seed)
    {
        using var writer = new GgufWriter(path);
        WriteMetadata(writer, shape, type);
        foreach (var tensor in tensors)
        {
            writer.AddTensor(tensor);
        }

        writer.Finish(seed);
    }

    // The output, and in the first and last eighth of the layers and every third between what values pass through.
    private static bool IsSensitive(string name, int layerCount)
    {
        if (name == "output.weight")
        {
            return true;
        }

        if (name.Split('.') is not ["blk", var number, "attn_v" or "ffn_down", ..])
        {
            return false;
        }

        var layer = int.Parse(number, CultureInfo.InvariantCulture);
        var eighth = layerCount / 8;
        return layer < eighth || layer >= 7 * eighth || (layer - eighth) % 3 == 2;
    }

    private static void WriteMetadata(GgufWriter writer, ModelShape shape, uint type)
    {
        var prefix = shape.Architecture;
        writer.Add("general.architecture", shape.Architecture);
        writer.Add("general.name", shape.Name);
        writer.Add("general.file_type", type);
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
        writer.Add("tokenizer.ggml.token_type", TokenTypes(shape.VocabularySize));
        writer.Add("tokenizer.ggml.merges", [ByteAlphabet.Of(0) + " " + ByteAlphabet.Of(0)]);
        writer.Add("tokenizer.ggml.eos_token_id", (uint)EndToken);
        writer.Add("tokenizer.ggml.bos_token_id", (uint)EndToken);
        writer.Add("tokenizer.ggml.add_bos_token", false);
    }

    private static int[] TokenTypes(int count)
    {
        var types = new int[count];
        Array.Fill(types, NormalTokenType);
        types[EndToken] = ControlTokenType;
        return types;
    }

    /// <summary>The end, then every byte, then made-up words of about the usual length.</summary>
    private static string Piece(int token) => token switch
    {
        EndToken => "<|end|>",
        <= ByteAlphabet.Count => ByteAlphabet.Of(token - 1),
        _ => ByteAlphabet.Of(' ') + "w" + token.ToString("x", CultureInfo.InvariantCulture),
    };

    private static IEnumerable<TensorPlan> Tensors(ModelShape shape)
    {
        long width = shape.EmbeddingLength;
        long keyWidth = (long)shape.HeadLength * shape.KeyValueHeadCount;
        long innerWidth = shape.FeedForwardLength;
        yield return Matrix("token_embd", width, shape.VocabularySize);
        yield return Norm("output_norm", width);
        if (shape.HasOwnOutput)
        {
            yield return Matrix("output", width, shape.VocabularySize);
        }

        for (var layer = 0; layer < shape.LayerCount; layer++)
        {
            var block = string.Create(CultureInfo.InvariantCulture, $"blk.{layer}.");
            yield return Norm(block + "attn_norm", width);
            yield return Matrix(block + "attn_q", width, width);
            yield return Matrix(block + "attn_k", width, keyWidth);
            yield return Matrix(block + "attn_v", width, keyWidth);
            yield return Matrix(block + "attn_output", width, width);
            if (shape.HasBiases)
            {
                yield return Bias(block + "attn_q", width);
                yield return Bias(block + "attn_k", keyWidth);
                yield return Bias(block + "attn_v", keyWidth);
            }

            yield return Norm(block + "ffn_norm", width);
            yield return Matrix(block + "ffn_gate", width, innerWidth);
            yield return Matrix(block + "ffn_up", width, innerWidth);
            yield return Matrix(block + "ffn_down", innerWidth, width);
        }
    }

    private static TensorPlan Matrix(string name, long columns, long rows) =>
        new(name + ".weight", [columns, rows], TensorFill.NormalHalves);

    private static TensorPlan Bias(string name, long length) => new(name + ".bias", [length], TensorFill.NormalSingles);

    private static TensorPlan Norm(string name, long length) => new(name + ".weight", [length], TensorFill.Ones);
}
