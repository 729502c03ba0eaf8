using Ollama.Platform.Api.Olla.Wire;
using Ollama.Platform.Api.Ollama;
using Ollama.Platform.Api.OpenAi.Requests;
using Ollama.Platform.Api.Routing;
using Ollama.Platform.Api.Streaming;
using Ollama.Platform.Contracts.Errors;
using Ollama.Platform.Contracts.Library;

namespace Ollama.Platform.Api.Olla.Status;

/// <summary><c>GET /internal/status/models</c>: the library by family.</summary>
internal sealed class ModelsStatusRoute(ServerState state)
{
    private const int RecentCount = 10;
    private const string FamilyUnknown = "unknown";

    /// <summary>Answers one request.</summary>
    public async Task HandleAsync(ApiRequest request)
    {
        var query = request.Context.Request.Query;
        var detailed = PageQuery.ReadFlag(query, "detailed") ?? false;
        var group = query["group"].ToString();
        if (group is not ("" or "family"))
        {
            throw new ModelException(ModelErrorCode.RequestInvalid, detail: "group must be family");
        }

        var grouped = detailed && group.Length > 0;
        var seen = await state.ReadAsync(request.Aborted);
        var seenAt = WireTime.Utc(seen.Now);
        var reply = ToWire(seen, seenAt, grouped);
        await StatusReply.WriteAsync(
            request, reply, ToWire(seen, seenAt: null, grouped) with { Timestamp = "" },
            OllaJson.Default.ModelsStatusWire);
    }

    private static ModelsStatusWire ToWire(StateSnapshot seen, string? seenAt, bool grouped)
    {
        var aliases = new ModelAliases(seen.Models);
        var models = seen.Models.Select(model => ToWire(seen, model, aliases, seenAt)).ToList();
        var families = new SortedDictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        foreach (var family in models.GroupBy(model => model.Family ?? FamilyUnknown, StringComparer.Ordinal))
        {
            families[family.Key] = [.. family.Select(model => model.Name).Order(StringComparer.Ordinal)];
        }

        return new ModelsStatusWire
        {
            Timestamp = WireTime.Utc(seen.Now),
            ModelsByFamily = families,
            RecentModels = [.. models.Take(RecentCount)],
            ModelGroups = grouped ? [.. families.Keys.Select(family => ToGroup(seen, family, models))] : null,
            TotalModels = models.Count,
            TotalFamilies = families.Count,
            TotalEndpoints = 1,
        };
    }

    private static ModelGroupWire ToGroup(StateSnapshot seen, string family, IEnumerable<ModelStatusWire> models)
    {
        var own = models.Where(model => (model.Family ?? FamilyUnknown) == family)
            .OrderBy(model => model.Name, StringComparer.Ordinal).ToList();
        return new ModelGroupWire(family, own, [seen.Endpoint], own.Count);
    }

    private static ModelStatusWire ToWire(
        StateSnapshot seen, ModelSummary model, ModelAliases aliases, string? seenAt) => new()
        {
            Name = model.Name.DisplayName,
            Type = StatusRoute.Type,
            Family = WireMapping.OrNull(model.Details.Family),
            Size = StatusText.Bytes(model.TotalBytes),
            Params = WireMapping.OrNull(model.Details.ParameterSize),
            Quant = WireMapping.OrNull(model.Details.QuantizationLevel),
            LastSeen = "just now",
            LastSeenAt = seenAt,
            Endpoints = [seen.Endpoint],
            EndpointIds = [seen.EndpointId],
            Aliases = WireMapping.OrNull(aliases.Of(model)),
            Capabilities = model.Capabilities.ToWire(),
        };
}
