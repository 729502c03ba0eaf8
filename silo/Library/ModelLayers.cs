using System.Text;
using System.Text.Json;
using Ollama.Platform.BlobStore.Manifests;
using Ollama.Platform.BlobStore.Storage;
using Ollama.Platform.Contracts.Errors;
using Ollama.Platform.Contracts.Library;
using Ollama.Platform.Contracts.Models;

namespace Ollama.Platform.Silo.Library;

/// <summary>The config and the small layers of a manifest, read into memory.</summary>
internal sealed record ModelLayers
{
    private const int LayerBytesMax = 16 * 1024 * 1024;

    public required ModelConfig Config { get; init; }

    public string? Template { get; init; }

    /// <summary>What the template says that the model can do.</summary>
    public IReadOnlyList<ModelCapability> TemplateCapabilities { get; private init; } = [];

    public string? System { get; init; }

    public IReadOnlyDictionary<string, JsonElement> Parameters { get; init; } = GenerationRequest.NoOptions;

    public IReadOnlyList<ChatMessage> Messages { get; init; } = [];

    public IReadOnlyList<string> Licenses { get; init; } = [];

    /// <summary>How long the layers are together, in bytes.</summary>
    public long Bytes { get; private init; }

    /// <summary>Reads the layers of a manifest.</summary>
    /// <exception cref="ModelException">A blob is missing or is not what its media type says.</exception>
    public static ModelLayers Read(BlobFiles blobs, StoredManifest manifest)
    {
        var name = manifest.Name.DisplayName;
        var templateLayer = manifest.Find(MediaTypes.Template) ?? manifest.Find(MediaTypes.Prompt);
        var system = manifest.Find(MediaTypes.System);
        var parameters = manifest.Find(MediaTypes.Parameters);
        var messages = manifest.Find(MediaTypes.Messages);
        var reader = new Reader(blobs, name);
        try
        {
            var template = templateLayer is null ? null : reader.ReadText(templateLayer);
            var layers = new ModelLayers
            {
                Config = ModelConfig.Parse(reader.ReadBytes(manifest.Manifest.Config)),
                Template = template,
                TemplateCapabilities = template is null ? [] : Library.TemplateCapabilities.OfGo(template),
                System = system is null ? null : reader.ReadText(system),
                Parameters = parameters is null ? GenerationRequest.NoOptions
                    : ReadParameters(reader.ReadBytes(parameters)),
                Messages = messages is null ? [] : ReadMessages(reader.ReadBytes(messages)),
                Licenses = [.. manifest.FindAll(MediaTypes.License).Select(reader.ReadText)],
            };
            return layers with { Bytes = reader.Bytes };
        }
        catch (JsonException failure)
        {
            var detail = $"A layer is no valid JSON: {failure.Message}";
            throw new ModelException(new Refusal(ModelErrorCode.ModelFileInvalid, name, detail), failure);
        }
    }

    private static Dictionary<string, JsonElement> ReadParameters(byte[] json) =>
        JsonSerializer.Deserialize(json, LibraryJson.Default.DictionaryStringJsonElement) ?? [];

    private static List<ChatMessage> ReadMessages(byte[] json) =>
    [
        .. (JsonSerializer.Deserialize(json, LibraryJson.Default.ListLayerMessage) ?? [])
            .Where(message => message is not null)
            .Select(message => new ChatMessage
            {
                Role = (message.Role ?? "user").ToLowerInvariant(),
                Content = message.Content ?? "",
            }),
    ];

    /// <summary>Reads layers up to a length that all of one model share: a manifest may name thousands.</summary>
    private sealed class Reader(BlobFiles blobs, string model)
    {
        /// <summary>What was read.</summary>
        public long Bytes { get; private set; }

        public string ReadText(Layer layer) => Encoding.UTF8.GetString(ReadBytes(layer));

        public byte[] ReadBytes(Layer layer)
        {
            try
            {
                if (!blobs.TryGetPath(layer.Digest, out var path))
                {
                    throw new ModelException(ModelErrorCode.BlobMissing, model, layer.Digest.ToString());
                }

                Bytes += new FileInfo(path).Length;
                if (Bytes > LayerBytesMax)
                {
                    throw Damaged($"Its texts and settings are longer than {LayerBytesMax} bytes together.");
                }

                // Read once and kept: the moment to notice a disk that gives back something else.
                var content = File.ReadAllBytes(path);
                return Digest.Of(content) == layer.Digest
                    ? content
                    : throw Damaged($"The layer {layer.Digest} is damaged: its content has another digest.");
            }
            catch (FileNotFoundException)
            {
                throw new ModelException(ModelErrorCode.BlobMissing, model, layer.Digest.ToString());
            }
        }

        private ModelException Damaged(string detail) => new(ModelErrorCode.ModelFileInvalid, model, detail);
    }
}
