using Ollama.Platform.Contracts.Library;

namespace Ollama.Platform.Api.Olla;

/// <summary>Which names of a library stand for the same model.</summary>
internal sealed class ModelAliases(IEnumerable<ModelSummary> all)
{
    private readonly ILookup<Digest, ModelName> _names =
        all.ToLookup(model => model.ManifestDigest, model => model.Name);

    /// <summary>The other names of a model, in order.</summary>
    public IReadOnlyList<string> Of(ModelSummary model) =>
    [
        .. _names[model.ManifestDigest].Where(name => name != model.Name).Select(name => name.DisplayName)
            .Order(StringComparer.Ordinal),
    ];
}
