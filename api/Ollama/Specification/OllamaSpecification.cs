using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Ollama.Platform.Api.Health.Wire;
using Ollama.Platform.Api.Ollama.Wire;
using Ollama.Platform.Api.OpenApi;

namespace Ollama.Platform.Api.Ollama.Specification;

/// <summary>What Ollama's dialect says of itself.</summary>
internal static class OllamaSpecification
{
    /// <summary>The dialect.</summary>
    public static DialectSpecification Dialect { get; } = new()
    {
        Name = "Ollama",
        About = "The native API: answers are lines of JSON, refusals `{\"error\":\"…\"}`.",
        Error = WireJson.Default.ErrorLine,
        ToBody = reply => JsonSerializer.SerializeToNode(new ErrorLine(reply.Message), WireJson.Default.ErrorLine),
        Routes = [.. GenerationDescriptions.All, .. LibraryDescriptions.All, .. Server()],
        Schemas = OllamaSchemas.All,
    };

    private static RouteDescription[] Server() =>
    [
        new()
        {
            Route = "GET /",
            Id = "isRunning",
            Summary = "Says that a server is running",
            Answers = [RouteAnswer.Text("It is.")],
        },
        new()
        {
            Route = "GET /api/version",
            Id = "getVersion",
            Summary = "Names the server's version",
            Answers = [RouteAnswer.Json(WireJson.Default.VersionReply)],
        },
        new()
        {
            Route = "GET /api/status",
            Id = "getStatus",
            Summary = "Says whether models of ollama.com can be used",
            Answers = [RouteAnswer.Json(WireJson.Default.StatusReply)],
        },
        new()
        {
            Route = "POST /api/cancel",
            Id = "cancelRequest",
            Summary = "Ends what runs under an id",
            Refusals = RefusalScope.Kept,
            Body = Schema.Reference("OllamaCancelRequest"),
            Answers = [RouteAnswer.Json(WireJson.Default.CancelReply)],
            Examples = [new("cancel", """{"id":"my-request"}""")],
        },
        new()
        {
            Route = "GET /health",
            Id = "getHealth",
            Summary = "Says that the process lives",
            Answers = [RouteAnswer.Json(HealthJson.Default.HealthReply)],
        },
        new()
        {
            Route = "GET /ready",
            Id = "getReadiness",
            Summary = "Says whether requests may be sent",
            Answers =
            [
                RouteAnswer.Json(HealthJson.Default.HealthReply, "They may."),
                RouteAnswer.Json(HealthJson.Default.HealthReply, "They may not.") with
                {
                    Status = StatusCodes.Status503ServiceUnavailable,
                },
            ],
        },
    ];
}
