using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Ollama.Platform.BlobStore.Gguf;
using Ollama.Platform.BlobStore.Manifests;
using Ollama.Platform.BlobStore.Storage;
using Ollama.Platform.BlobStore.Upkeep;
using Ollama.Platform.Contracts.Errors;
using Ollama.Platform.Contracts.Library;
using Ollama.Platform.Prompting.Modelfiles;
using Ollama.Platform.Prompting.Rendering;

namespace Ollama.Platform.Silo.Library;

/// <summary>
/// The library of one machine: what lies in the store's directory, and nothing besides. What was read is kept by
/// digest, and dropped when a file's time says that it changed. Safe for any number of callers.
/// </summary>
internal sealed partial class LocalLibrary(
    ManifestFiles manifests, ModelWriter writer, ModelFiles files, ModelSummaries summaries,
    IOptions<LocalLibraryOptions> options, ILogger<LocalLibrary> logger) : ILibrary
{
    private const int ModelCountMax = 4096;

    // Templates, licences and messages of most are some tens of kilobytes.
    private const long ModelBytesMax = 128L * 1024 * 1024;

    private readonly Complaints _complaints = new();
    private readonly BoundedCache<Digest, ModelLayers> _layers = new(ModelCountMax, ModelBytesMax);
    private readonly BoundedCache<Digest, Resolution> _resolutions = new(ModelCountMax, ModelBytesMax);
    private readonly BoundedCache<Digest, bool> _goTemplatesUsed = new(ModelCountMax, ModelBytesMax);

    /// <inheritdoc/>
    public Task<ModelDescription?> FindAsync(ModelName name, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (ReadManifest(name) is not { } manifest)
        {
            return Task.FromResult<ModelDescription?>(null);
        }

        // A header that was checked before costs a look at the disk; a new one is worth a thread.
        return _resolutions.TryGet(manifest.Digest, out _)
            ? Task.FromResult<ModelDescription?>(Resolve(manifest).Description)
            : Task.Run<ModelDescription?>(() => Resolve(manifest).Description, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<ModelSummary>> ListAsync(CancellationToken cancellationToken) => Task.Run(
        IReadOnlyList<ModelSummary> () =>
        {
            var listed = manifests.List(Summarize, cancellationToken);
            summaries.Save(listed.Select(summary => summary.ManifestDigest));
            return listed;
        },
        cancellationToken);

    /// <inheritdoc/>
    public Task<ModelReport?> ShowAsync(ModelName name, ReportRequest request, CancellationToken cancellationToken) =>
        Task.Run(
            () => ReadManifest(name) is { } manifest ? Report(manifest, request) : null, cancellationToken);

    /// <inheritdoc/>
    public async Task<bool> CopyAsync(ModelName source, ModelName destination, CancellationToken cancellationToken)
    {
        try
        {
            return await writer.CopyAsync(source, destination, cancellationToken);
        }
        catch (JsonException failure)
        {
            throw Unreadable(source, failure);
        }
    }

    /// <inheritdoc/>
    public Task<bool> DeleteAsync(ModelName name, CancellationToken cancellationToken) =>
        writer.DeleteAsync(name, cancellationToken);

    private StoredManifest? ReadManifest(ModelName name)
    {
        try
        {
            return manifests.Read(name);
        }
        catch (JsonException failure)
        {
            throw Unreadable(name, failure);
        }
    }

    private static ModelException Unreadable(ModelName name, JsonException failure) => new(
        new Refusal(
            ModelErrorCode.ModelFileInvalid, name.DisplayName, $"The manifest cannot be read: {failure.Message}"),
        failure);

    private Resolution Resolve(StoredManifest manifest)
    {
        if (manifest.Find(MediaTypes.Model) is null && ReadLayers(manifest).Config.RemoteHost is { Length: > 0 } host)
        {
            throw new ModelException(ModelErrorCode.ModelRemote, manifest.Name.DisplayName, host);
        }

        var weights = files.ReadWeights(manifest);
        if (_resolutions.TryGet(manifest.Digest, out var known) && ReferenceEquals(known.Weights, weights))
        {
            // Two names can share one manifest.
            return known.Description.Name == manifest.Name
                ? known
                : known with { Description = known.Description with { Name = manifest.Name } };
        }

        var layers = ReadLayers(manifest);
        var projectors = manifest.FindAll(MediaTypes.Projector).Select(layer => layer.Digest).ToList();
        var encoders = files.ReadProjectors(manifest);
        var draft = files.ReadDraft(manifest);
        files.CheckAdapters(manifest);
        var goTemplateUsed = UsesGoTemplate(manifest, layers, weights);
        var details = DetailsOf(layers.Config, weights) with
        {
            ParentModel = manifest.Find(MediaTypes.Model)?.From ?? layers.Config.ParentModel ?? "",
        };
        var resolution = new Resolution(layers, weights, encoders, new ModelDescription
        {
            Name = manifest.Name,
            ManifestDigest = manifest.Digest,
            Details = details,
            Capabilities = ModelCapabilities.Of(layers, weights, encoders, goTemplateUsed),
            Weights = manifest.Find(MediaTypes.Model)!.Digest,
            Projectors = projectors,
            Adapters = [.. manifest.FindAll(MediaTypes.Adapter).Select(layer => layer.Digest)],
            Draft = draft is null
                ? null
                : new DraftDescription(manifest.Find(MediaTypes.Draft)!.Digest, draft.Description),
            Template = layers.Template,
            GoTemplateUsed = goTemplateUsed,
            System = layers.System,
            Parameters = layers.Parameters,
            Messages = layers.Messages,
            Renderer = layers.Config.Renderer,
            Parser = layers.Config.Parser,
            WeightsDescription = weights.Description,
        });
        _resolutions.Keep(manifest.Digest, resolution, layers.Bytes + weights.File.KeptBytes);
        return resolution;
    }

    private ModelSummary? Summarize(ManifestHead head, Func<StoredManifest?> open)
    {
        try
        {
            var summary = summaries.Get(head, open, Describe);
            _complaints.Settle(head.Name.DisplayName);
            return summary;
        }
        catch (Exception failure) when (failure is ModelException or IOException or UnauthorizedAccessException)
        {
            if (_complaints.IsNew(head.Name.DisplayName, failure.Message))
            {
                Log.LeftOut(logger, head.Name, failure.Message);
            }

            return null;
        }
    }

    private ModelSummary Describe(StoredManifest manifest)
    {
        var (weights, projectors) = (files.TryReadWeights(manifest), files.TryReadProjectors(manifest));
        var layers = ReadLayers(manifest);
        return new ModelSummary
        {
            Name = manifest.Name,
            ManifestDigest = manifest.Digest,
            ModifiedAt = manifest.ModifiedAt,
            TotalBytes = manifest.TotalBytes,
            Details = DetailsOf(layers.Config, weights),
            Capabilities = ModelCapabilities.Of(
                layers, weights, projectors, UsesGoTemplate(manifest, layers, weights)),
            RemoteHost = layers.Config.RemoteHost,
            RemoteModel = layers.Config.RemoteModel,
        };
    }

    private ModelReport Report(StoredManifest manifest, ReportRequest request)
    {
        var (layers, weights, projectors, description) = Resolve(manifest);
        var template = (description.GoTemplateUsed
            ? layers.Template
            : description.WeightsDescription.ChatTemplate) ?? "";
        var system = request.System.Length > 0 ? request.System : layers.System;
        return new ModelReport
        {
            Summary = new ModelSummary
            {
                Name = manifest.Name,
                ManifestDigest = manifest.Digest,
                ModifiedAt = manifest.ModifiedAt,
                TotalBytes = manifest.TotalBytes,
                Details = description.Details,
                Capabilities = description.Capabilities,
            },
            License = string.Join('\n', layers.Licenses),
            Modelfile = ModelfileWriter.Write(new ModelfileSource
            {
                Name = manifest.Name,
                WeightsPath = files.FindPaths([description.Weights]) is [var path, ..] ? path : null,
                AdapterPaths = files.FindPaths(description.Adapters),
                ProjectorPaths = files.FindPaths(description.Projectors),
                DraftPaths = files.FindPaths(manifest.FindAll(MediaTypes.Draft).Select(layer => layer.Digest)),
                // The weights bring their own template along; written here, it would be taken for one in Go's language.
                Template = layers.Template,
                System = system,
                Requires = layers.Config.Requires,
                Renderer = layers.Config.Renderer,
                Parser = layers.Config.Parser,
                Parameters = Merge(layers.Parameters, request.Parameters),
                Licenses = layers.Licenses,
                Messages = layers.Messages,
            }),
            Parameters = ParameterText.Write(layers.Parameters),
            Template = template,
            System = system ?? "",
            Messages = layers.Messages,
            Metadata = files.ReadMetadata(manifest, description.Weights, weights.File, request.ArraysIncluded),
            ProjectorMetadata = projectors.Count == 0
                ? null
                : files.ReadMetadata(manifest, description.Projectors[0], projectors[0], request.ArraysIncluded),
            Tensors = [.. weights.File.Tensors.Select(
                tensor => new TensorDescription(tensor.Name, tensor.Type.Name, tensor.Shape))],
            Requires = layers.Config.Requires,
        };
    }

    private static IReadOnlyDictionary<string, JsonElement> Merge(
        IReadOnlyDictionary<string, JsonElement> own, IReadOnlyDictionary<string, JsonElement> others) =>
        others.Count == 0 ? own : new Dictionary<string, JsonElement>(own.Concat(others)
            .GroupBy(pair => pair.Key).Select(group => group.Last()));

    // Comparing two templates means parsing them, which a list of a thousand models cannot do each time.
    private bool UsesGoTemplate(StoredManifest manifest, ModelLayers layers, Weights? weights)
    {
        if (weights is null)
        {
            return layers.Template is not null;
        }

        if (!_goTemplatesUsed.TryGet(manifest.Digest, out var isUsed))
        {
            isUsed = TemplateChoice.TakesGo(
                layers.Template, weights.Description.ChatTemplate, options.Value.GoTemplates);
            _goTemplatesUsed.Keep(manifest.Digest, isUsed, bytes: 0);
        }

        return isUsed;
    }

    private ModelLayers ReadLayers(StoredManifest manifest)
    {
        if (!_layers.TryGet(manifest.Digest, out var layers))
        {
            layers = files.ReadLayers(manifest);
            _layers.Keep(manifest.Digest, layers, layers.Bytes);
        }

        return layers;
    }

    private static ModelDetails DetailsOf(ModelConfig config, Weights? weights) => new()
    {
        Format = config.Format ?? (weights is null ? "" : "gguf"),
        Family = config.Family ?? weights?.Description.Architecture ?? "",
        Families = config.Families,
        ParameterSize = config.ParameterSize
            ?? (weights is null ? "" : HumanCount.Format(weights.File.ParameterCount)),
        QuantizationLevel = config.FileType ?? (weights is null ? "" : FileTypes.NameOf(weights.File)),
        ContextTokens = weights?.Description.ContextTokensTrained ?? (int?)config.ContextTokens,
        EmbeddingLength = weights?.Description.EmbeddingLength ?? (int?)config.EmbeddingLength,
    };

    private sealed record Resolution(
        ModelLayers Layers, Weights Weights, IReadOnlyList<GgufFile> Projectors, ModelDescription Description);

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "The model {Model} is left out of the list: {Reason}")]
        public static partial void LeftOut(ILogger logger, ModelName model, string reason);
    }
}
