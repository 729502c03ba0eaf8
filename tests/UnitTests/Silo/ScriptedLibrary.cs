using Ollama.Platform.Contracts.Library;

namespace Ollama.Platform.UnitTests.Silo;

/// <summary>Models as a test describes them. By default every name but <c>missing</c> is a small chat model.</summary>
internal sealed class ScriptedLibrary : ILibrary, IModelSupply
{
    /// <summary>Writes <c>role:content|</c> for each message.</summary>
    private const string Template =
        "{% for message in messages %}{{ message.role }}:{{ message.content }}|{% endfor %}";

    public Dictionary<string, ModelDescription> Models { get; } = [];

    public static ModelDescription Describe(string name, params ModelCapability[] capabilities)
    {
        return new ModelDescription
        {
            Name = ModelName.TryParse(name, out var parsed) ? parsed : throw new ArgumentException(name),
            ManifestDigest = Digest.Of(System.Text.Encoding.UTF8.GetBytes("manifest " + name)),
            Details = new ModelDetails { Family = "scripted" },
            Capabilities = capabilities.Length > 0 ? capabilities : [ModelCapability.Completion],
            Weights = Digest.Of(System.Text.Encoding.UTF8.GetBytes("weights " + name)),
            WeightsDescription = new WeightsDescription
            {
                Architecture = "scripted",
                FileBytes = 1 << 20,
                ContextTokensTrained = 4096,
                LayerCount = 2,
                EmbeddingLength = 8,
                KeyValueHeadCount = 2,
                KeyLength = 4,
                ValueLength = 4,
                VocabularySize = 70_000,
                HasPooling = capabilities.Contains(ModelCapability.Embedding)
                    || capabilities.Contains(ModelCapability.Rerank),
                HasRanking = capabilities.Contains(ModelCapability.Rerank),
                ChatTemplate = Template,
            },
        };
    }

    public Task<ModelDescription?> FindAsync(ModelName name, CancellationToken cancellationToken) =>
        Task.FromResult(
            Models.TryGetValue(name.Model, out var model) ? model
            : name.Model == "missing" ? null
            : Describe(name.Model));

    public Task<IReadOnlyList<ModelSummary>> ListAsync(CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task<ModelReport?> ShowAsync(ModelName name, ReportRequest request, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task<bool> CopyAsync(ModelName source, ModelName destination, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task<bool> DeleteAsync(ModelName name, CancellationToken cancellationToken) =>
        throw new NotSupportedException();
}
