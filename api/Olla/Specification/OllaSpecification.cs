using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using Ollama.Platform.Api.Olla.Wire;
using Ollama.Platform.Api.Ollama.Specification;
using Ollama.Platform.Api.OpenApi;
using Ollama.Platform.Api.Routing;

namespace Ollama.Platform.Api.Olla.Specification;

/// <summary>What Olla's own routes say of themselves. They are mapped by an option.</summary>
internal static class OllaSpecification
{
    /// <summary>The dialect.</summary>
    public static DialectSpecification Dialect { get; } = new()
    {
        Name = "Olla",
        About = "What dashboards of Olla ask for. Behind its prefixes, such as `/olla/ollama`, lie all routes of the "
            + "other dialects.",
        Error = OllamaSpecification.Dialect.Error,
        ToBody = OllamaSpecification.Dialect.ToBody,
        Routes = [.. Status(), .. Models()],
        Schemas = new Dictionary<string, JsonObject>(),
    };

    private static RouteDescription[] Status() =>
    [
        new()
        {
            Route = "GET /internal/health",
            Id = "ollaHealth",
            Summary = "Says that the server is there",
            Refusals = RefusalScope.None,
            Answers = [RouteAnswer.Json(OllaJson.Default.LiveWire)],
        },
        new()
        {
            Route = "GET /internal/status",
            Id = "ollaStatus",
            Summary = "Says how the server is and what it has done",
            Refusals = RefusalScope.Library,
            Answers = Tagged(OllaJson.Default.StatusWire),
        },
        new()
        {
            Route = "GET /internal/status/endpoints",
            Id = "ollaEndpoints",
            Summary = "Lists those that answer requests: this server",
            Refusals = RefusalScope.Library,
            Answers = Tagged(OllaJson.Default.EndpointsWire),
        },
        new()
        {
            Route = "GET /internal/status/models",
            Id = "ollaModels",
            Summary = "Lists the models by family",
            Refusals = RefusalScope.Library,
            Parameters =
            [
                RouteParameter.OfQuery("detailed", Schema.Flag("Lets `group` count."), "true"),
                RouteParameter.OfQuery("group", Schema.Choice("Adds all models in groups.", "family"), "family"),
            ],
            Answers = Tagged(OllaJson.Default.ModelsStatusWire),
        },
        new()
        {
            Route = "GET /internal/stats/models",
            Id = "ollaModelStats",
            Summary = "Says what was answered with each model",
            Refusals = RefusalScope.Library,
            Parameters =
            [
                RouteParameter.OfQuery("include_endpoints", Schema.Flag("Adds who answered with each."), "true"),
                RouteParameter.OfQuery("include_summary", Schema.Flag("Adds who answered all together."), "true"),
            ],
            Answers = [RouteAnswer.Json(OllaJson.Default.ModelsStatsWire)],
        },
        new()
        {
            Route = "GET /internal/stats/translators",
            Id = "ollaTranslatorStats",
            Summary = "Says what was answered in Anthropic's dialect",
            Refusals = RefusalScope.None,
            Answers = [RouteAnswer.Json(OllaJson.Default.TranslatorsWire)],
        },
        new()
        {
            Route = "GET /internal/process",
            Id = "ollaProcess",
            Summary = "Says what the process takes",
            Refusals = RefusalScope.None,
            Answers = [RouteAnswer.Json(OllaJson.Default.ProcessWire)],
        },
        new()
        {
            Route = "GET /version",
            Id = "ollaVersion",
            Summary = "Says which program this is",
            Refusals = RefusalScope.None,
            Answers = [RouteAnswer.Json(OllaJson.Default.VersionWire)],
        },
        new()
        {
            Route = "GET /internal/stats/sticky",
            Id = "ollaStickyStats",
            Summary = "Says that no request is bound to an endpoint: there is one",
            Refusals = RefusalScope.None,
            Answers = [RouteAnswer.Json(OllaJson.Default.StickyStatsWire)],
        },
    ];

    private static RouteDescription[] Models() =>
    [
        new()
        {
            Route = "GET /olla/models",
            Id = "ollaUnifiedModels",
            Summary = "Lists the models over all prefixes",
            Refusals = RefusalScope.Library,
            Answers = [RouteAnswer.Json(OllaJson.Default.UnifiedModelsWire)],
        },
        new()
        {
            Route = "GET /olla/models/{**id}",
            Id = "ollaUnifiedModel",
            Summary = "Describes one model over all prefixes",
            Kind = RouteKind.Show,
            Refusals = RefusalScope.Library,
            Parameters = [RouteParameter.OfPath(
                UnifiedModelsRoute.IdKey, "The model; it may hold slashes.", "tiny-chat:latest")],
            Answers = [RouteAnswer.Json(OllaJson.Default.UnifiedModelWire)],
        },
    ];

    private static RouteAnswer[] Tagged(JsonTypeInfo type) =>
    [
        RouteAnswer.Json(type),
        RouteAnswer.Empty(StatusCodes.Status304NotModified, "Nothing has changed since the tag of `If-None-Match`."),
    ];
}
