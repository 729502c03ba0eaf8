using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Ollama.Platform.Api.Streaming;
using Ollama.Platform.Contracts.Library;

namespace Ollama.Platform.Api.Registry;

/// <summary>
/// The manifest of a model in OCI's form. Tools for containers, skopeo for one, take layers that they do not know in
/// this form alone; Ollama's own is Docker's.
/// </summary>
internal static class OciForm
{
    private const string DockerPrefix = "application/vnd.docker.";
    private const string DockerManifest = DockerPrefix + "distribution.manifest.v2+json";
    private const string DockerConfig = DockerPrefix + "container.image.v1+json";
    private const string OciManifest = "application/vnd.oci.image.manifest.v1+json";
    private const string OciConfig = "application/vnd.oci.image.config.v1+json";
    private const string TypeField = "mediaType";

    /// <summary>Tells whether a client takes OCI's form at least as gladly as Docker's.</summary>
    public static bool IsAskedFor(HttpRequest request)
    {
        var accepted = request.GetTypedHeaders().Accept;
        return QualityOf(OciManifest) is > 0 and var quality && quality >= QualityOf(DockerManifest);

        double QualityOf(string type) => accepted
            .Where(entry => entry.MediaType.Equals(type, StringComparison.OrdinalIgnoreCase))
            .Max(entry => (double?)(entry.Quality ?? 1)) ?? 0;
    }

    /// <summary>
    /// The other form of a manifest, which has a digest of its own; null when it has none: it is OCI's already, or the
    /// image of a container.
    /// </summary>
    public static ManifestContent? Of(ManifestContent manifest)
    {
        if (manifest.MediaType != DockerManifest || Translate(manifest.Bytes) is not { } root)
        {
            return null;
        }

        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = WireWriter.Create(buffer))
        {
            root.WriteTo(writer);
        }

        return new ManifestContent(
            manifest.Name, Digest.Of(buffer.WrittenSpan), OciManifest, buffer.WrittenMemory);
    }

    /// <summary>The manifest with OCI's types, if it has layers that are none of a container.</summary>
    private static JsonObject? Translate(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            if (JsonNode.Parse(bytes.Span) is not JsonObject root || root["layers"] is not JsonArray layers
                || !layers.Any(layer => layer is JsonObject known && IsText(
                    known[TypeField], text => !text.StartsWith(DockerPrefix, StringComparison.Ordinal))))
            {
                return null;
            }

            root[TypeField] = OciManifest;
            if (root["config"] is JsonObject config && IsText(config[TypeField], text => text == DockerConfig))
            {
                config[TypeField] = OciConfig;
            }

            return root;
        }
        catch (Exception failure) when (failure is JsonException or ArgumentException or InvalidOperationException)
        {
            // A name that comes twice, half a character, or a mark before the first brace: it is served as it is. All
            // but the last show when an object is looked into.
            return null;
        }
    }

    private static bool IsText(JsonNode? node, Func<string, bool> test) =>
        node is JsonValue value && value.TryGetValue<string>(out var text) && test(text);
}
