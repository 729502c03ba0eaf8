using Ollama.Platform.BlobStore.Gguf;
using Ollama.Platform.BlobStore.Manifests;

namespace Ollama.Platform.Silo.Library.Creation;

/// <summary>
/// The layers of a model that is being made, in their order, and its config. Belongs to one creation.
/// </summary>
internal sealed class ModelParts
{
    private readonly List<ModelPart> _parts = [];

    /// <summary>The config so far.</summary>
    public ModelConfig Config { get; set; } = new();

    /// <summary>The parts.</summary>
    public IReadOnlyList<ModelPart> Parts => _parts;

    /// <summary>Appends a part.</summary>
    public void Add(ModelPart part) => _parts.Add(part);

    /// <summary>Removes the parts of a media type.</summary>
    public void Remove(string mediaType) => _parts.RemoveAll(part => part.Layer.MediaType == mediaType);

    /// <summary>Puts a part in the place of another.</summary>
    public void Replace(ModelPart old, ModelPart part) => _parts[_parts.IndexOf(old)] = part;

    /// <summary>The part with the weights; null when there is none.</summary>
    public ModelPart? FindWeights() => Find(MediaTypes.Model);

    /// <summary>The first part of a media type; null when there is none.</summary>
    public ModelPart? Find(string mediaType) => _parts.Find(part => part.Layer.MediaType == mediaType);

    /// <summary>What the GGUF files say goes where the config says nothing.</summary>
    public void DescribeFiles()
    {
        var families = new List<string>(Config.Families ?? []);
        // A draft model says nothing of what the model is.
        var described = _parts.Where(part => part.Layer.MediaType != MediaTypes.Draft);
        foreach (var file in described.Select(part => part.File).OfType<GgufFile>())
        {
            Config = Config with
            {
                Format = Config.Format ?? "gguf",
                Family = Config.Family ?? file.Architecture,
                ParameterSize = Config.ParameterSize ?? HumanCount.Format(file.ParameterCount),
                FileType = Config.FileType ?? FileTypes.NameOf(file),
            };
            if (file.Architecture.Length > 0 && !families.Contains(file.Architecture))
            {
                families.Add(file.Architecture);
            }
        }

        Config = Config with { Families = families.Count > 0 ? families : null };
    }
}

/// <summary>A layer, and whether it was here before.</summary>
/// <param name="Layer">The layer.</param>
/// <param name="IsNew">Its blob was made for this model.</param>
/// <param name="File">The header of a GGUF file; null for other content.</param>
internal sealed record ModelPart(Layer Layer, bool IsNew, GgufFile? File = null)
{
    /// <summary>What the progress says of it.</summary>
    public string Status => $"{(IsNew ? "creating new" : "using existing")} layer {Layer.Digest}";
}
