using System.Text.Json;
using Ollama.Platform.BlobStore.Manifests;
using Ollama.Platform.Contracts.Errors;
using Ollama.Platform.Contracts.Library;

namespace Ollama.Platform.Silo.Library.Creation;

/// <summary>What a new model takes over from the one that it begins with.</summary>
internal static class BaseParts
{
    private const int SmallBytesMax = 16 * 1024 * 1024;

    /// <summary>Tells whether the model is here; a damaged one is.</summary>
    public static bool Exists(ManifestFiles manifests, ModelName name)
    {
        try
        {
            return manifests.Read(name) is not null;
        }
        catch (JsonException)
        {
            return true;
        }
    }

    /// <summary>All layers of the model, and of its config what does not follow from the files.</summary>
    /// <exception cref="ModelException">There is no such model, or it is damaged.</exception>
    public static ModelParts Read(ManifestFiles manifests, ModelName name, PartStore store)
    {
        try
        {
            var manifest = manifests.Read(name)
                ?? throw new ModelException(ModelErrorCode.ModelNotFound, name.DisplayName);
            var config = ModelConfig.Parse(ReadSmall(manifest.Manifest.Config, store));
            var parts = new ModelParts
            {
                Config = new ModelConfig
                {
                    Format = config.Format,
                    Renderer = config.Renderer,
                    Parser = config.Parser,
                    Requires = config.Requires,
                    Capabilities = config.Capabilities,
                },
            };
            foreach (var layer in manifest.Manifest.Layers)
            {
                parts.Add(store.Take(layer, manifest.Name.DisplayName));
            }

            return parts;
        }
        catch (JsonException failure)
        {
            throw Damaged(name.DisplayName, failure);
        }
    }

    /// <summary>The parameters of the parts so far.</summary>
    /// <exception cref="ModelException">Their layer is damaged.</exception>
    public static Dictionary<string, JsonElement> ReadParameters(ModelParts parts, PartStore store)
    {
        if (parts.Parts.FirstOrDefault(part => part.Layer.MediaType == MediaTypes.Parameters) is not { } part)
        {
            return [];
        }

        try
        {
            return JsonSerializer.Deserialize(
                ReadSmall(part.Layer, store), LibraryJson.Default.DictionaryStringJsonElement) ?? [];
        }
        catch (JsonException failure)
        {
            throw Damaged(part.Layer.From, failure);
        }
    }

    private static byte[] ReadSmall(Layer layer, PartStore store)
    {
        var path = store.Find(layer.Digest);
        return new FileInfo(path).Length <= SmallBytesMax
            ? File.ReadAllBytes(path)
            : throw new ModelException(
                ModelErrorCode.ModelFileInvalid, detail: $"The layer {layer.Digest} is longer than {SmallBytesMax}.");
    }

    private static ModelException Damaged(string? model, JsonException failure) => new(
        new Refusal(ModelErrorCode.ModelFileInvalid, model, $"A layer is no valid JSON: {failure.Message}"), failure);
}
