using System.Text.Json.Nodes;
using Ollama.Platform.BlobStore.Safetensors;

namespace Ollama.Platform.UnitTests.BlobStore.Conversion;

public sealed class SafetensorsFileTests
{
    [Fact]
    public void A_sound_file_tells_its_tensors_and_metadata()
    {
        var builder = Sound();
        builder.Header["__metadata__"] = new JsonObject { ["format"] = "pt" };

        var file = Read(builder);

        Assert.Equal("pt", file.Metadata["format"]);
        Assert.Equal(["a", "b"], file.Tensors.Select(tensor => tensor.Name));
        Assert.Equal([2, 3], file.Tensors[0].Shape);
        Assert.Equal(("BF16", 12L), (file.Tensors[0].Type.Name, file.Tensors[0].Bytes));
        Assert.Equal(file.Tensors[0].Offset + 12, file.Tensors[1].Offset);
    }

    [Theory]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}""", "The header is no valid JSON")]
    [InlineData("[]", "The header is no JSON object.")]
    [InlineData("""{"a":[]}""", "The entry 'a' is no JSON object.")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1]}}""", "The tensor 'a' lacks its type, shape or offsets.")]
    [InlineData("""{"a":{"dtype":"F3","shape":[1],"data_offsets":[0,4]}}""",
        "The tensor 'a' has the unknown type 'F3'.")]
    [InlineData("""{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}""",
        "The tensor 'a' has a shape or an offset that is no count.")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}""",
        "The tensor 'a' takes 4 bytes, which is not what its shape needs.")]
    [InlineData("""{"a":{"dtype":"F32","shape":[4294967296,4294967296,4294967296],"data_offsets":[0,4]}}""",
        "The tensor 'a' has an impossible shape.")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", "The tensor 'a' begins at ")]
    [InlineData("""{"a":{"dtype":"F32","shape":[9],"data_offsets":[0,36]}}""",
        "The tensor 'a' ends after the file of ")]
    [InlineData(
        """
        {"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},
        "b":{"dtype":"U8","shape":[],"data_offsets":[0,1]}}
        """,
        "The tensor 'a' begins at ")]
    [InlineData(
        """
        {"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},
        "a":{"dtype":"U8","shape":[4],"data_offsets":[4,8]}}
        """,
        "The tensor 'a' appears twice.")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4],"more":1}}""",
        "The tensor 'a' has an entry 'more' too many.")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", "The tensors end at ")]
    public void A_damaged_header_is_refused_with_its_reason(string header, string reason)
    {
        var builder = Sound();
        builder.HeaderText = header;

        var refusal = Assert.Throws<SafetensorsException>(() => Read(builder));

        Assert.StartsWith(reason, refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ulong.MaxValue)]
    [InlineData(1_000_000ul)]
    [InlineData(1ul)]
    public void A_header_of_an_impossible_length_is_refused(ulong bytes)
    {
        var builder = Sound();
        builder.HeaderBytes = bytes;

        Assert.Throws<SafetensorsException>(() => Read(builder));
    }

    [Fact]
    public void Bytes_that_no_tensor_has_are_refused()
    {
        var builder = Sound();
        builder.ExtraBytes = 1;

        var refusal = Assert.Throws<SafetensorsException>(() => Read(builder));

        Assert.StartsWith("The tensors end at ", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Random_damage_is_refused_or_harmless()
    {
        var sound = Sound().ToBytes();
        for (var seed = 0; seed < 4000; seed++)
        {
            var random = new Random(seed);
            var damaged = sound.ToArray();
            for (var change = random.Next(1, 4); change > 0; change--)
            {
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            }

            var length = random.Next(4) == 0 ? random.Next(sound.Length) : sound.Length;
            using var stream = new MemoryStream(damaged, 0, length);
            var before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                var file = SafetensorsFile.Read(stream);
                Assert.All(file.Tensors, tensor => Assert.InRange(tensor.Offset + tensor.Bytes, 8, stream.Length));
            }
            catch (SafetensorsException)
            {
                // What was found is told; nothing else may be thrown.
            }

            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
        }
    }

    private static SafetensorsBuilder Sound() => new SafetensorsBuilder()
        .Add("a", "BF16", [2, 3], new byte[12])
        .Add("b", "F32", [], new byte[4]);

    private static SafetensorsFile Read(SafetensorsBuilder builder)
    {
        using var stream = new MemoryStream(builder.ToBytes());
        return SafetensorsFile.Read(stream);
    }
}
