using System.Text;
using System.Text.Json;
using Ollama.Platform.BlobStore.Manifests;
using Ollama.Platform.BlobStore.Safetensors;
using Ollama.Platform.Contracts.Library;
using Ollama.Platform.Prompting.Modelfiles;
using Ollama.Platform.UnitTests.BlobStore.Conversion;

namespace Ollama.Platform.UnitTests.Fuzzing;

/// <summary>Sound manifests, safetensors headers, Modelfiles and names, damaged: reading them costs little.</summary>
public sealed class FileDamageTests
{
    private const int SeedCount = 4000;

    // Inputs of some hundred bytes must not make their readers ask for more than this.
    private const long BytesMax = 1024 * 1024;

    private static readonly string[] Words =
    [
        "FROM ", "PARAMETER ", "\"\"\"", "\"", "\n", "stop ", "num_ctx 99999999999999999999", "MESSAGE user ", "\0",
        "#", "{{ .Prompt }}", "/../", ":", "@sha256:", "\\", "LICENSE ", "https://",
    ];

    [Fact]
    public void A_damaged_manifest_costs_little()
    {
        var digest = Digest.Of("x"u8);
        var sound = Encoding.UTF8.GetBytes(
            $$"""
            {"schemaVersion":2,"config":{"mediaType":"c","digest":"{{digest}}","size":1},
            "layers":[{"mediaType":"a","digest":"{{digest}}","size":2}]}
            """);
        var refused = Play(seed => Damage.Bytes(sound, new Random(seed)), bytes => ManifestJson.ReadManifest(bytes));
        Assert.InRange(refused, 1000, SeedCount - 1);
    }

    [Fact]
    public void A_damaged_safetensors_header_costs_little()
    {
        var sound = new SafetensorsBuilder()
            .Add("a", "F32", [2], new byte[8]).Add("b", "U8", [3], new byte[3]).ToBytes();
        var refused = Play(
            seed => Damage.Bytes(sound, new Random(seed)),
            bytes =>
            {
                using var file = new MemoryStream(bytes);
                _ = SafetensorsFile.Read(file);
            });
        Assert.InRange(refused, 1000, SeedCount - 1);
    }

    [Fact]
    public void A_damaged_Modelfile_costs_little()
    {
        const string Sound =
            "# A model\nFROM tiny-chat\nPARAMETER temperature 0.5\nPARAMETER stop \"<|end|>\"\n"
            + "SYSTEM \"\"\"\nBe\nbrief.\n\"\"\"\nTEMPLATE {{ .Prompt }}\nMESSAGE user Hi\nMESSAGE assistant Ho\n";
        var refused = Play(
            seed => Damage.Text(Sound, new Random(seed), Words),
            text => ModelfileParameters.Read(ModelfileParser.Parse(text)));
        Assert.InRange(refused, 500, SeedCount - 1);
    }

    [Fact]
    public void A_damaged_name_costs_little()
    {
        var (names, others) = (0, 0);
        for (var seed = 0; seed < SeedCount; seed++)
        {
            var text = Damage.Text("registry.example.com:5000/name.space/model-1.5:q4_K_M", new Random(seed), Words);
            Cost.Check(seed, BytesMax, () => _ = ModelName.TryParse(text, out _) ? names++ : others++);
        }

        Assert.True(names > 100 && others > 100, $"{names} names, {others} others");
    }

    private static int Play<T>(Func<int, T> damage, Action<T> read)
    {
        var refused = 0;
        for (var seed = 0; seed < SeedCount; seed++)
        {
            var input = damage(seed);
            Cost.Check(seed, BytesMax, () =>
            {
                try
                {
                    read(input);
                }
                catch (Exception failure) when (failure is JsonException or SafetensorsException or ModelfileException)
                {
                    refused++;
                }
            });
        }

        return refused;
    }
}
