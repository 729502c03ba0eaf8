using Microsoft.Extensions.Options;
using Ollama.Platform.Api.Olla.Status;
using Ollama.Platform.Api.Olla.Wire;
using Ollama.Platform.Api.Ollama;
using Ollama.Platform.Api.OpenAi;
using Ollama.Platform.Api.Routing;
using Ollama.Platform.Contracts.Errors;
using Ollama.Platform.Contracts.Library;
using Ollama.Platform.Contracts.Models;

namespace Ollama.Platform.Api.Olla;

/// <summary><c>GET /olla/models</c> and <c>GET /olla/models/{id}</c>: the models over all prefixes.</summary>
internal sealed class UnifiedModelsRoute(ILibrary library, IModels models, IOptions<ApiOptions> options)
{
    /// <summary>The name of the path's parameter: all of the rest, since ids may hold slashes.</summary>
    public const string IdKey = "id";

    /// <summary>Lists the models.</summary>
    public async Task ListAsync(ApiRequest request) => await request.ReplyAsync(
        new UnifiedModelsWire("list", await ReadAsync(request)), OllaJson.Default.UnifiedModelsWire);

    /// <summary>Describes one model.</summary>
    public async Task FindAsync(ApiRequest request)
    {
        request.Model = ModelsRoute.IdOf(request);
        var wanted = ModelReference.Parse(request.Model, RouteKind.Show).Name;
        var found = (await ReadAsync(request)).FirstOrDefault(
            model => model.Id.Equals(wanted.DisplayName, StringComparison.OrdinalIgnoreCase))
            ?? throw new ModelException(ModelErrorCode.ModelNotFound, request.Model);
        await request.ReplyAsync(found, OllaJson.Default.UnifiedModelWire);
    }

    private async Task<IReadOnlyList<UnifiedModelWire>> ReadAsync(ApiRequest request)
    {
        var all = await library.ListAsync(request.Aborted);
        var loaded = (await models.ListLoadedAsync(request.Aborted)).Select(model => model.Name)
            .ToHashSet(StringComparer.OrdinalIgnoreCase);
        var aliases = new ModelAliases(all);
        var url = StatusRoute.UrlOf(request);
        return [.. all.Select(model => ToWire(
            model, aliases, new AvailabilityWire(
                options.Value.EndpointName, url,
                loaded.Contains(model.Name.DisplayName) ? "loaded" : "available")))];
    }

    private static UnifiedModelWire ToWire(
        ModelSummary model, ModelAliases aliases, AvailabilityWire availability) => new(
        model.Name.DisplayName,
        "model",
        model.ModifiedAt.ToUnixTimeSeconds(),
        model.Name.Namespace,
        new UnifiedDetailsWire
        {
            Family = model.Details.Family,
            ParameterSize = model.Details.ParameterSize,
            Quantization = model.Details.QuantizationLevel,
            Aliases = aliases.Of(model),
            Availability = [availability],
            Capabilities = model.Capabilities.ToWire() ?? [],
            MaxContextLength = model.Details.ContextTokens,
        });
}
