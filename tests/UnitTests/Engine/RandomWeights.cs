using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using Ollama.Platform.FunctionalTests.Hosting;
using Ollama.Platform.UnitTests.LlamaCpp;

namespace Ollama.Platform.UnitTests.Engine;

/// <summary>
/// Tiny models of other architectures than those that ship: random weights, the vocabulary of the small chat model.
/// What they say means nothing, but they say it again.
/// </summary>
internal sealed class RandomWeights
{
    private const int Width = 64;
    private const int VocabularySize = 1536;
    private const int Alignment = 32;

    private readonly List<(string Name, int[] Shape, float Deviation, float Mean)> _tensors = [];
    private readonly Random _random = new(20);
    private byte[] _file;

    private RandomWeights(string architecture, float inputScale = 1)
    {
        _file = GgufEdit.WithText(
            File.ReadAllBytes(NativeModels.ChatPath), "general.architecture", architecture);
        Number($"{architecture}.context_length", 2048);
        Number($"{architecture}.embedding_length", Width);
        _file = GgufEdit.WithFloat(_file, $"{architecture}.attention.layer_norm_rms_epsilon", 1e-5f);
        Add("token_embd.weight", 1.5f / MathF.Sqrt(Width) / inputScale, 0, Width, VocabularySize);
    }

    /// <summary>Mamba: a recurrent state and no cells.</summary>
    public static byte[] Recurrent()
    {
        var (model, inner, rank, state) = (new RandomWeights("mamba"), 2 * Width, 4, 8);
        model.Number("mamba.block_count", 2);
        model.Number("mamba.ssm.conv_kernel", 4);
        model.Number("mamba.ssm.inner_size", (uint)inner);
        model.Number("mamba.ssm.state_size", (uint)state);
        model.Number("mamba.ssm.time_step_rank", (uint)rank);
        model.Norm("output_norm.weight", Width);
        for (var layer = 0; layer < 2; layer++)
        {
            var name = $"blk.{layer}.";
            model.Norm(name + "attn_norm.weight", Width);
            model.Matrix(name + "ssm_in.weight", Width, 2 * inner);
            model.Matrix(name + "ssm_conv1d.weight", 4, inner);
            model.Add(name + "ssm_conv1d.bias", 0.1f, 0, inner);
            model.Matrix(name + "ssm_x.weight", inner, rank + (2 * state));
            model.Matrix(name + "ssm_dt.weight", rank, inner);
            model.Add(name + "ssm_dt.bias", 0.1f, 0, inner);
            // Negative, or the state would grow.
            model.Add(name + "ssm_a", 0.1f, -1, state, inner);
            model.Norm(name + "ssm_d", inner);
            model.Matrix(name + "ssm_out.weight", inner, Width);
        }

        return model.Complete();
    }

    /// <summary>LFM2: layers with a short convolution, and one with attention between them.</summary>
    public static byte[] Hybrid()
    {
        var model = new RandomWeights("lfm2");
        model.Number("lfm2.block_count", 3);
        model.Number("lfm2.feed_forward_length", 2 * Width);
        model.Number("lfm2.attention.head_count", 4);
        model._file = GgufEdit.WithNumbers(model._file, "lfm2.attention.head_count_kv", [0, 2, 0]);
        model.Number("lfm2.shortconv.l_cache", 3);
        model.Norm("token_embd_norm.weight", Width);
        for (var layer = 0; layer < 3; layer++)
        {
            var name = $"blk.{layer}.";
            model.Norm(name + "attn_norm.weight", Width);
            model.FeedForward(name);
            if (layer == 1)
            {
                model.Attention(name, Width, 2 * 16);
            }
            else
            {
                model.Matrix(name + "shortconv.conv.weight", 3, Width);
                model.Matrix(name + "shortconv.in_proj.weight", Width, 3 * Width);
                model.Matrix(name + "shortconv.out_proj.weight", Width, Width);
            }
        }

        return model.Complete();
    }

    /// <summary>Gemma 3: five layers that see 16 tokens, and one that sees all.</summary>
    public static byte[] SlidingWindow()
    {
        var model = new RandomWeights("gemma3", inputScale: MathF.Sqrt(Width));
        model.Number("gemma3.block_count", 6);
        model.Number("gemma3.feed_forward_length", 2 * Width);
        model.Number("gemma3.attention.head_count", 4);
        model.Number("gemma3.attention.head_count_kv", 2);
        model.Number("gemma3.attention.key_length", 16);
        model.Number("gemma3.attention.value_length", 16);
        model.Number("gemma3.attention.sliding_window", 16);
        // The embeddings, which write the output, too, are that much smaller.
        model.Add("output_norm.weight", 0.1f, MathF.Sqrt(Width), Width);
        for (var layer = 0; layer < 6; layer++)
        {
            var name = $"blk.{layer}.";
            model.Norm(name + "attn_norm.weight", Width);
            model.Attention(name, Width, 2 * 16);
            model.FeedForward(name);
            model.Norm(name + "post_attention_norm.weight", Width);
            model.Norm(name + "post_ffw_norm.weight", Width);
        }

        return model.Complete();
    }

    private void Attention(string name, int queries, int keys)
    {
        Matrix(name + "attn_q.weight", Width, queries);
        Matrix(name + "attn_k.weight", Width, keys);
        Matrix(name + "attn_v.weight", Width, keys);
        Matrix(name + "attn_output.weight", queries, Width);
        Norm(name + "attn_q_norm.weight", 16);
        Norm(name + "attn_k_norm.weight", 16);
    }

    private void FeedForward(string name)
    {
        Norm(name + "ffn_norm.weight", Width);
        Matrix(name + "ffn_gate.weight", Width, 2 * Width);
        Matrix(name + "ffn_up.weight", Width, 2 * Width);
        Matrix(name + "ffn_down.weight", 2 * Width, Width);
    }

    private void Number(string key, uint number) => _file = GgufEdit.WithNumber(_file, key, number);

    // As large as keeps the size of what goes through.
    private void Matrix(string name, int from, int to) => Add(name, 1.5f / MathF.Sqrt(from), 0, from, to);

    private void Norm(string name, int length) => Add(name, 0.1f, 1, length);

    private void Add(string name, float deviation, float mean, params int[] shape) =>
        _tensors.Add((name, shape, deviation, mean));

    // The keys of the file, and other tensors than it has.
    private byte[] Complete()
    {
        var keys = _file.AsSpan(0, GgufEdit.KeysEnd(_file)).ToArray();
        BinaryPrimitives.WriteUInt64LittleEndian(keys.AsSpan(8), (ulong)_tensors.Count);
        using var file = new MemoryStream();
        using var writer = new BinaryWriter(file);
        writer.Write(keys);
        long offset = 0;
        foreach (var (name, shape, _, _) in _tensors)
        {
            writer.Write((ulong)name.Length);
            writer.Write(Encoding.UTF8.GetBytes(name));
            writer.Write(shape.Length);
            Array.ForEach(shape, length => writer.Write((ulong)length));
            writer.Write(0);
            writer.Write((ulong)offset);
            offset += Padded(CountOf(shape) * sizeof(float));
        }

        Pad(file);
        foreach (var (_, shape, deviation, mean) in _tensors)
        {
            var values = new float[CountOf(shape)];
            for (var index = 0; index < values.Length; index++)
            {
                values[index] = mean + (deviation * NextNormal());
            }

            writer.Write(MemoryMarshal.AsBytes(values.AsSpan()));
            Pad(file);
        }

        return file.ToArray();
    }

    private float NextNormal() =>
        MathF.Sqrt(-2 * MathF.Log(1 - _random.NextSingle())) * MathF.Cos(MathF.Tau * _random.NextSingle());

    private static int CountOf(int[] shape) => shape.Aggregate(1, (product, length) => product * length);

    private static long Padded(long length) => (length + Alignment - 1) / Alignment * Alignment;

    private static void Pad(MemoryStream file) => file.Write(new byte[Padded(file.Length) - file.Length]);
}
