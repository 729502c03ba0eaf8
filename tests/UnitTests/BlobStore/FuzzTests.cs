using System.Text;
using System.Text.Json;
using Ollama.Platform.BlobStore.Gguf;
using Ollama.Platform.BlobStore.Manifests;
using Ollama.Platform.Contracts.Library;
using Ollama.Platform.UnitTests.Fuzzing;

namespace Ollama.Platform.UnitTests.BlobStore;

/// <summary>Sound files, damaged at random: they are read or refused, and nothing else happens.</summary>
public sealed class FuzzTests
{
    // A header of a few hundred bytes must not make its reader ask for more than this.
    private const long AllocatedBytesMax = 8 * 1024 * 1024;

    [Fact]
    public void A_damaged_GGUF_header_is_read_or_refused()
    {
        var sound = GgufBuilder.Model().Add("tokenizer.chat_template", "{{ messages }}").Build();
        var (read, refused) = (0, 0);
        for (var seed = 0; seed < 4000; seed++)
        {
            var bytes = Damage.Bytes(sound, new Random(seed));
            var before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                _ = Weights.Read(new MemoryStream(bytes));
                read++;
            }
            catch (GgufException)
            {
                refused++;
            }

            var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.True(allocated < AllocatedBytesMax, $"Seed {seed} took {allocated} bytes.");
        }

        // Both must happen, or the damage is not what it should be.
        Assert.True(read > 100 && refused > 1000, $"{read} read, {refused} refused");
    }

    [Fact]
    public void A_damaged_manifest_is_read_or_refused()
    {
        var digest = Digest.Of("x"u8);
        var sound = Encoding.UTF8.GetBytes(
            $$"""
            {"schemaVersion":2,"mediaType":"m","config":{"mediaType":"c","digest":"{{digest}}","size":1},
            "layers":[{"mediaType":"a","digest":"{{digest}}","size":2,"from":"f"},
            {"mediaType":"b","digest":"{{digest}}","size":3}]}
            """);
        for (var seed = 0; seed < 4000; seed++)
        {
            var bytes = Damage.Bytes(sound, new Random(seed));
            try
            {
                Assert.All(ManifestJson.ReadManifest(bytes).Digests, found => Assert.Equal(64, found.Hex.Length));
            }
            catch (JsonException)
            {
                // Refused in the one way that callers expect.
            }

            try
            {
                _ = ModelConfig.Parse(bytes);
            }
            catch (JsonException)
            {
                // The same.
            }
        }
    }
}
