using System.Text;
using System.Text.Json;
using Ollama.Platform.BlobStore.Manifests;
using Ollama.Platform.BlobStore.Storage;
using Ollama.Platform.BlobStore.Upkeep;
using Ollama.Platform.Contracts.Blobs;
using Ollama.Platform.Contracts.Errors;
using Ollama.Platform.Contracts.Library;
using Ollama.Platform.Prompting.Modelfiles;
using Ollama.Platform.Prompting.Rendering;
using Ollama.Platform.Prompting.Rendering.Known;

namespace Ollama.Platform.Silo.Library.Creation;

/// <summary>
/// Makes models of models and of uploaded files. Nothing is visible before the manifest, which is written last; the
/// blobs that a failure leaves behind are removed with the next upkeep. Safe for any number of callers.
/// </summary>
internal sealed class ModelCreation(
    StorePaths paths, ManifestFiles manifests, ModelWriter writer, Func<PartStore> openStore, UploadedFiles uploads,
    WeightsRefinement refinement, IModelTransfers transfers) : IModelCreation
{
    private const string StopName = "stop";

    /// <inheritdoc/>
    public IAsyncEnumerable<TransferProgress> CreateAsync(
        CreationRequest request, CancellationToken cancellationToken) => StepChannel.RunAsync(
        (report, ended) => TryCreateAsync(
            RequestCheck.Check(ModelfileRequest.Expand(request, paths)), report, ended),
        cancellationToken);

    private async Task TryCreateAsync(CreationRequest request, StepReport report, CancellationToken cancellationToken)
    {
        try
        {
            await CreateAsync(request, report, cancellationToken);
        }
        catch (Exception failure) when (failure is FileNotFoundException or BlobMissingException)
        {
            // Another program on the same directory removed a blob meanwhile; a second try uploads it again.
            throw new ModelException(new Refusal(ModelErrorCode.ModelFileInvalid, null, failure.Message), failure);
        }
    }

    private async Task CreateAsync(CreationRequest request, StepReport report, CancellationToken cancellationToken)
    {
        using var store = openStore();
        var parts = await BeginAsync(request, store, report, cancellationToken);
        if (request.Adapters is { } adapters)
        {
            AddAll(parts, await uploads.ReadAdaptersAsync(
                adapters, parts.FindWeights(), store, report, cancellationToken));
        }

        if (request.DraftFiles.Count > 0)
        {
            parts.Remove(MediaTypes.Draft);
            AddAll(parts, await uploads.ReadDraftAsync(request.DraftFiles, store, report, cancellationToken));
        }

        await refinement.QuantizeAsync(
            parts, MediaTypes.Model, request.Quantize, store, report, cancellationToken);
        await refinement.QuantizeAsync(
            parts, MediaTypes.Draft, request.DraftQuantize, store, report, cancellationToken);

        Configure(parts, request);
        request = WithStop(await WithTemplateAsync(request, parts, store, report, cancellationToken), parts, store);
        await AddTextsAsync(parts, request, store, cancellationToken);
        await WriteAsync(parts, request.Name, store, report, cancellationToken);
    }

    private async Task<ModelParts> BeginAsync(
        CreationRequest request, PartStore store, StepReport report, CancellationToken cancellationToken)
    {
        if (request.From is { } from)
        {
            if (!BaseParts.Exists(manifests, from))
            {
                await PullAsync(from, report, cancellationToken);
            }

            return BaseParts.Read(manifests, from, store);
        }

        if (request.Files is null)
        {
            throw new ModelException(
                ModelErrorCode.RequestInvalid, detail: "neither 'from' or 'files' was specified");
        }

        var parts = new ModelParts();
        AddAll(parts, await uploads.ReadModelAsync(request.Files, store, report, cancellationToken));
        return parts.FindWeights() is null ? throw UploadedFiles.NoBase() : parts;
    }

    /// <summary>A model that is not here is pulled; its own success is not yet the whole one's.</summary>
    private async Task PullAsync(ModelName name, StepReport report, CancellationToken cancellationToken)
    {
        await foreach (var step in transfers.PullAsync(name, insecure: false, cancellationToken))
        {
            if (step.Status != "success")
            {
                await report(step, cancellationToken);
            }
        }
    }

    private static void AddAll(ModelParts parts, IEnumerable<ModelPart> added)
    {
        foreach (var part in added)
        {
            parts.Add(part);
        }
    }

    private static void Configure(ModelParts parts, CreationRequest request)
    {
        var claims = request.Claims ?? new ModelClaims();
        var config = parts.Config;
        parts.Config = config with
        {
            Renderer = Last(config.Renderer, request.Renderer) ?? DefaultsOf(parts)?.Renderer,
            Parser = Last(config.Parser, request.Parser) ?? DefaultsOf(parts)?.Parser,
            Requires = Last(config.Requires, request.Requires),
            Capabilities = claims.Capabilities ?? config.Capabilities,
            Family = claims.Family ?? config.Family,
            ParentModel = claims.ParentModel ?? config.ParentModel,
            FileType = claims.QuantizationLevel ?? config.FileType,
            ParameterSize = claims.ParameterSize ?? config.ParameterSize,
            ContextTokens = claims.ContextTokens ?? config.ContextTokens,
            EmbeddingLength = claims.EmbeddingLength ?? config.EmbeddingLength,
        };
        parts.DescribeFiles();
    }

    /// <summary>
    /// Files that bring along a template which is known in Go's language as well get that one, and its stop sequences;
    /// what the request says wins.
    /// </summary>
    private static async Task<CreationRequest> WithTemplateAsync(
        CreationRequest request, ModelParts parts, PartStore store, StepReport report,
        CancellationToken cancellationToken)
    {
        if (request.From is not null || parts.Config.Renderer is not null || parts.FindWeights() is not { } weights
            || TemplateDetection.Find(store.ReadWeights(store.Find(weights.Layer.Digest)).Description) is not { } known)
        {
            return request;
        }

        await report(new TransferProgress($"using autodetected template {known.Name}"), cancellationToken);
        return WithStops(request, known.Stops) with
        {
            Template = request.Template.Length > 0 ? request.Template : known.Text,
        };
    }

    /// <summary>Adds the stop sequence of the family, unless the model has any.</summary>
    private static CreationRequest WithStop(CreationRequest request, ModelParts parts, PartStore store) =>
        DefaultsOf(parts)?.Stop is { } stop && !BaseParts.ReadParameters(parts, store).ContainsKey(StopName)
            ? WithStops(request, [stop])
            : request;

    private static CreationRequest WithStops(CreationRequest request, IEnumerable<string> stops)
    {
        if (request.Parameters.ContainsKey(StopName))
        {
            return request;
        }

        var commands = stops.Select(stop => new ModelfileCommand("parameter", StopName, stop));
        return request with
        {
            Parameters = new Dictionary<string, JsonElement>(
                request.Parameters.Concat(ModelfileParameters.Read(commands))),
        };
    }

    private static FamilyDefaults? DefaultsOf(ModelParts parts) =>
        parts.FindWeights() is { File: { } file } ? FamilyDefaults.OfArchitecture(file.Architecture) : null;

    private static string? Last(string? old, string text) => text.Length > 0 ? text : old;

    private static async Task AddTextsAsync(
        ModelParts parts, CreationRequest request, PartStore store, CancellationToken cancellationToken)
    {
        if (request.Template.Length > 0)
        {
            parts.Remove(MediaTypes.Template);
            parts.Remove(MediaTypes.Prompt);
            await AddAsync(MediaTypes.Template, Encoding.UTF8.GetBytes(request.Template));
        }

        if (request.System.Length > 0)
        {
            parts.Remove(MediaTypes.System);
            await AddAsync(MediaTypes.System, Encoding.UTF8.GetBytes(request.System));
        }

        foreach (var license in request.Licenses.Where(license => license.Length > 0))
        {
            var part = await store.AddAsync(MediaTypes.License, Encoding.UTF8.GetBytes(license), cancellationToken);
            if (parts.Parts.All(other => other.Layer.Digest != part.Layer.Digest))
            {
                parts.Add(part);
            }
        }

        if (request.Parameters.Count > 0)
        {
            var merged = BaseParts.ReadParameters(parts, store);
            foreach (var (name, value) in request.Parameters)
            {
                merged[name] = value;
            }

            parts.Remove(MediaTypes.Parameters);
            await AddAsync(MediaTypes.Parameters, LayerJson.Write(merged));
        }

        if (request.Messages.Count > 0)
        {
            parts.Remove(MediaTypes.Messages);
            await AddAsync(MediaTypes.Messages, LayerJson.Write(request.Messages));
        }

        async Task AddAsync(string mediaType, byte[] content) =>
            parts.Add(await store.AddAsync(mediaType, content, cancellationToken));
    }

    private async Task WriteAsync(
        ModelParts parts, ModelName name, PartStore store, StepReport report, CancellationToken cancellationToken)
    {
        var config = await store.AddAsync(MediaTypes.Config, parts.Config.ToJson(), cancellationToken);
        foreach (var part in parts.Parts)
        {
            await report(new TransferProgress(part.Status), cancellationToken);
        }

        await report(new TransferProgress("writing manifest"), cancellationToken);
        var manifest = new Manifest { Config = config.Layer, Layers = [.. parts.Parts.Select(part => part.Layer)] };
        await writer.WriteAsync(name, manifest, store.Claim, cancellationToken);
        await report(new TransferProgress("success"), cancellationToken);
    }
}
