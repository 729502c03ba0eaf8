using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ollama.Platform.BlobStore.Manifests;

/// <summary>Reads manifests tolerantly, within limits, and writes them as Ollama does.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    PropertyNameCaseInsensitive = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Manifest))]
[JsonSerializable(typeof(ModelConfig))]
internal sealed partial class ManifestJson : JsonSerializerContext
{
    /// <summary>Longest manifest or config that is read.</summary>
    public const int BytesMax = 4 * 1024 * 1024;

    private const int LayerCountMax = 16_384;

    // The sizes of all layers together stay far below what a long holds.
    private const long LayerBytesMax = 1L << 46;

    // As Go writes it, a plus sign as itself: the same model then has the same digest as one made by Ollama.
    private static ManifestJson Plain => field ??= new ManifestJson(
        new JsonSerializerOptions(Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    /// <summary>Reads a manifest.</summary>
    /// <exception cref="JsonException">The bytes are no manifest.</exception>
    public static Manifest ReadManifest(ReadOnlySpan<byte> json)
    {
        var manifest = Parse(json) ?? throw new JsonException("The manifest is null.");
        if (manifest.Layers.Count > LayerCountMax)
        {
            throw new JsonException($"The manifest has {manifest.Layers.Count} layers, more than {LayerCountMax}.");
        }

        foreach (var layer in manifest.Layers.Append(manifest.Config))
        {
            if (layer is null or { MediaType: null } or { Size: < 0 or > LayerBytesMax })
            {
                throw new JsonException("The manifest has a layer without a media type or with an impossible size.");
            }
        }

        return manifest;
    }

    /// <summary>Reads a config blob.</summary>
    /// <exception cref="JsonException">The bytes are no config.</exception>
    public static ModelConfig ReadConfig(ReadOnlySpan<byte> json) =>
        JsonSerializer.Deserialize(TrimMark(json), Default.ModelConfig)
        ?? throw new JsonException("The config is null.");

    /// <summary>Writes a manifest, ended by a line feed as Ollama's are.</summary>
    public static byte[] Write(Manifest manifest) =>
        [.. JsonSerializer.SerializeToUtf8Bytes(manifest, Plain.Manifest), (byte)'\n'];

    private static Manifest? Parse(ReadOnlySpan<byte> json)
    {
        try
        {
            return JsonSerializer.Deserialize(TrimMark(json), Default.Manifest);
        }
        catch (JsonException failure)
        {
            // The runtime's words, and the names of our types in them, say nothing to whoever reads it.
            var place = failure.Path ?? $"line {failure.LineNumber + 1 ?? 1}, byte {failure.BytePositionInLine ?? 0}";
            throw new JsonException(
                $"It is no manifest of one model: {place} is not what it should be, or lacks a part.", failure);
        }
    }

    private static ReadOnlySpan<byte> TrimMark(ReadOnlySpan<byte> json) =>
        json.StartsWith("\uFEFF"u8) ? json[3..] : json;
}
