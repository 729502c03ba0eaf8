using System.Text;
using Ollama.Platform.BlobStore.Gguf;
using Ollama.Platform.UnitTests.Architecture;

namespace Ollama.Platform.UnitTests.BlobStore;

public sealed class GgufFileTests
{
    [Fact]
    public void A_sound_file_is_read()
    {
        var file = GgufFile.Read(GgufBuilder.Model().Add("x.flag", true).Add("x.big", ulong.MaxValue).Open());

        Assert.Equal("llama", file.Architecture);
        Assert.Equal(128, file.FindInteger("llama.context_length"));
        Assert.True(file.FindBool("x.flag"));
        Assert.Equal(3, file.Find("tokenizer.ggml.tokens")?.ElementCount);
        Assert.Equal([1, 1, 3], file.Find("tokenizer.ggml.token_type")?.Integers);
        Assert.Equal((8 * 3) + 8, file.ParameterCount);
        Assert.Equal(["token_embd.weight", "output_norm.weight"], file.Tensors.Select(tensor => tensor.Name));
        Assert.Null(file.FindText("absent"));
        Assert.Null(file.FindInteger("general.name"));
    }

    [Fact]
    public void Every_type_of_value_is_read()
    {
        var file = GgufFile.Read(new GgufBuilder()
            .Set("u8", Scalar(GgufValueType.U8, [0xFF])).Set("i8", Scalar(GgufValueType.I8, [0xFF]))
            .Set("u16", Scalar(GgufValueType.U16, [0xFF, 0xFF])).Set("i16", Scalar(GgufValueType.I16, [0xFF, 0xFF]))
            .Set("i32", Scalar(GgufValueType.I32, [0xFF, 0xFF, 0xFF, 0xFF])).Add("u32", uint.MaxValue)
            .Set("i64", Scalar(GgufValueType.I64, [0xFE, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF]))
            .Set("f64", Scalar(GgufValueType.F64, BitConverter.GetBytes(0.1))).Add("f32", 0.5f)
            .Set("no text", Scalar(GgufValueType.Text, [2, 0, 0, 0, 0, 0, 0, 0, 0xFF, (byte)'x']))
            .Open());

        long?[] integers = [255, -1, 65535, -1, -1, uint.MaxValue, -2];
        Assert.Equal(integers, "u8 i8 u16 i16 i32 u32 i64".Split(' ').Select(file.FindInteger));
        Assert.Equal((0.1, 0.5), (file.Find("f64")!.Real, file.Find("f32")!.Real));
        Assert.Equal("\uFFFDx", file.FindText("no text"));
    }

    [Theory]
    [InlineData("", "GGUF")]
    [InlineData("GGU", "GGUF")]
    [InlineData("GGML0000000000000000000000", "GGUF")]
    [InlineData("GGUF", "version")]
    [InlineData("GGUF\u0001\0\0\0", "version 1")]
    [InlineData("GGUF\u0004\0\0\0", "version 4")]
    [InlineData("GGUF\0\0\0\0", "version 0")]
    [InlineData("GGUF\0\0\0\u0003", "big-endian")]
    [InlineData("GGUF\u0003\0\0\0", "number of tensors")]
    public void A_wrong_beginning_is_named(string content, string expected) =>
        Refused(Encoding.Latin1.GetBytes(content), expected);

    [Theory]
    [InlineData(ulong.MaxValue)]
    [InlineData(1UL << 62)]
    [InlineData(5000UL)]
    public void A_count_that_cannot_be_true_is_refused_before_anything_is_allocated(ulong count)
    {
        Refused(new GgufBuilder { KeyCount = count }.Build(), "number of keys");
        Refused(new GgufBuilder { TensorCount = count }.Build(), "number of tensors");
        var text = Scalar(GgufValueType.Text, BitConverter.GetBytes(count));
        Refused(new GgufBuilder().Set("k", text).Build(), "value of 'k'");
        Refused(new GgufBuilder().Set("k", Array(GgufValueType.U8, count)).Build(), "array 'k'");
        Refused(new GgufBuilder().Set("k", Array(GgufValueType.Text, count)).Build(), "array 'k'");
    }

    [Fact]
    public void More_keys_than_native_code_can_search_are_refused()
    {
        var builder = new GgufBuilder();
        for (var index = 0; index < 4097; index++)
        {
            builder.Add($"k{index}", 1u);
        }

        Refused(builder.Build(), "more than 4096");
    }

    [Fact]
    public void Keys_and_values_that_contradict_themselves_are_refused()
    {
        Refused(GgufBuilder.Model().Duplicate("general.name").Build(), "'general.name' appears twice");
        Refused(new GgufBuilder().Add("", 1u).Build(), "is empty");
        Refused(new GgufBuilder().Add("a\0b", 1u).Build(), "no text");
        Refused(new GgufBuilder().Set("k", writer => writer.Write(13)).Build(), "unknown type 13");
        Refused(new GgufBuilder().Set("k", Array((GgufValueType)99, 0)).Build(), "unknown type 99");
        Refused(new GgufBuilder().Set("k", Array(GgufValueType.Array, 1)).Build(), "holds arrays");
        byte[] length = [0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0];
        Refused(new GgufBuilder().Set("k", Array(GgufValueType.Text, 1, length)).Build(), "length of a string");
    }

    [Theory]
    [InlineData(0u)]
    [InlineData(3u)]
    [InlineData(1u << 31)]
    public void An_alignment_that_is_no_sensible_power_of_two_is_refused(uint alignment) =>
        Refused(GgufBuilder.Model().Add("general.alignment", alignment).Build(), "general.alignment");

    [Fact]
    public void An_alignment_of_another_type_is_refused() =>
        Refused(GgufBuilder.Model().Add("general.alignment", 32UL).Build(), "general.alignment");

    [Theory]
    [InlineData(new long[] { 0 }, "impossible shape 0")]
    [InlineData(new long[] { -1 }, "impossible shape")]
    [InlineData(new long[] { long.MaxValue, long.MaxValue }, "impossible shape")]
    [InlineData(new long[] { 1L << 32, 1L << 32 }, "impossible shape")]
    [InlineData(new long[] { 1L << 21, 1L << 21, 1L << 21, 1L << 21 }, "impossible shape")]
    [InlineData(new long[] { 1, 1, 1, 1, 1 }, "5 dimensions")]
    [InlineData(new long[] { 1L << 40 }, "truncated")]
    public void A_shape_that_no_file_can_hold_is_refused(long[] shape, string expected) =>
        Refused(new GgufBuilder().Tensor("t", shape).Build(), expected);

    [Theory]
    [InlineData(4u)]
    [InlineData(31u)]
    [InlineData(43u)]
    [InlineData(uint.MaxValue)]
    public void An_element_type_that_the_engine_does_not_know_is_refused(uint type) =>
        Refused(new GgufBuilder().Tensor("t", [32], type).Build(), "unknown type");

    [Fact]
    public void Tensors_that_overlap_leave_gaps_or_share_a_name_are_refused()
    {
        Refused(new GgufBuilder().Tensor("a", [64]).Tensor("b", [64], offset: 0).Build(), "'b' begins at 0");
        Refused(new GgufBuilder().Tensor("a", [64]).Tensor("b", [64], offset: 160).Build(), "'b' begins at 160");
        Refused(new GgufBuilder().Tensor("a", [64], offset: 1).Build(), "'a' begins at 1");
        Refused(new GgufBuilder().Tensor("a", [64], offset: ulong.MaxValue).Build(), "outside any file");
        Refused(new GgufBuilder().Tensor("a", [64]).Tensor("a", [64]).Build(), "'a' appears twice");
        Refused(new GgufBuilder().Tensor(new string('n', 64), [64]).Build(), "name of a tensor");
        Refused(new GgufBuilder().Tensor("a\0", [64]).Build(), "no text");
        Refused(new GgufBuilder().Tensor("q", [33], type: 2).Build(), "multiple of 32");
    }

    [Fact]
    public void A_file_cut_anywhere_is_refused()
    {
        foreach (var name in new[] { "tiny-chat.gguf", "tiny-embed.gguf" })
        {
            var content = File.ReadAllBytes(Path.Combine(SourceTree.Root, "models", name));
            var headerBytes = (int)GgufFile.Read(new MemoryStream(content)).DataOffset;

            // Each byte of the first kilobytes and of the tensor table, and every so often between and after.
            for (var length = 0; length < content.Length;
                length += length < 3000 || (length > headerBytes - 3000 && length < headerBytes) ? 1
                    : length < headerBytes ? 997 : 499_979)
            {
                Assert.Throws<GgufException>(() => Weights.Read(new MemoryStream(content, 0, length)));
            }

            Assert.Throws<GgufException>(() => Weights.Read(new MemoryStream(content, 0, content.Length - 1)));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_damaged_header_is_read_or_refused_and_nothing_else(int seed)
    {
        var random = new Random(seed);
        foreach (var content in new[] { Header("tiny-embed.gguf"), GgufBuilder.Model().Build() })
        {
            for (var round = 0; round < 1500; round++)
            {
                var damaged = (byte[])content.Clone();
                for (var change = random.Next(1, 6); change > 0; change--)
                {
                    Damage(random, damaged);
                }

                var before = GC.GetAllocatedBytesForCurrentThread();
                try
                {
                    Weights.Read(new MemoryStream(damaged));
                }
                catch (GgufException)
                {
                    // The one refusal that there is.
                }

                Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 32L * 1024 * 1024);
            }
        }
    }

    [Fact]
    public void A_promise_of_terabytes_takes_no_time()
    {
        // A sparse file: whatever its header claims lies within it.
        var path = Path.GetTempFileName();
        try
        {
            using (var file = File.OpenWrite(path))
            {
                var builder = new GgufBuilder { KeyCount = 2 }.Set("k", Array(GgufValueType.Text, 4_000_000));
                file.Write(builder.Build().AsSpan(0, 24 + 9 + 16));
                file.SetLength(1L << 36);
            }

            Assert.Throws<GgufException>(() => GgufFile.Read(path));
        }
        catch (IOException failure) when (failure is not FileNotFoundException)
        {
            Assert.Skip("The disk has no sparse files.");
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static byte[] Header(string name)
    {
        var path = Path.Combine(SourceTree.Root, "models", name);
        return File.ReadAllBytes(path);
    }

    private static void Damage(Random random, byte[] content)
    {
        // Most of a header is vocabulary; the damage goes where the structure is as often as where the texts are.
        var at = random.Next(Math.Min(random.Next(2) == 0 ? 2_000 : 60_000, content.Length - 8));
        switch (random.Next(4))
        {
            case 0:
                content[at] ^= (byte)(1 << random.Next(8));
                break;
            case 1:
                content[at] = (byte)random.Next(256);
                break;
            case 2:
                BitConverter.TryWriteBytes(content.AsSpan(at), random.Next(2) == 0 ? -1L : random.NextInt64());
                break;
            default:
                BitConverter.TryWriteBytes(content.AsSpan(at), random.Next(64));
                break;
        }
    }

    private static void Refused(byte[] content, string expected)
    {
        var failure = Assert.Throws<GgufException>(() => GgufFile.Read(new MemoryStream(content)));
        Assert.Contains(expected, failure.Message, StringComparison.Ordinal);
        Assert.EndsWith(".", failure.Message, StringComparison.Ordinal);
    }

    private static Action<BinaryWriter> Scalar(GgufValueType type, byte[] content) => writer =>
    {
        writer.Write((uint)type);
        writer.Write(content);
    };

    private static Action<BinaryWriter> Array(GgufValueType type, ulong count, byte[]? content = null) => writer =>
    {
        writer.Write((uint)GgufValueType.Array);
        writer.Write((uint)type);
        writer.Write(count);
        writer.Write(content ?? []);
    };
}
