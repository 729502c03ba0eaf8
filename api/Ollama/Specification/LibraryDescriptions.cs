using Microsoft.AspNetCore.Http;
using Ollama.Platform.Api.Ollama.Wire;
using Ollama.Platform.Api.OpenApi;
using Ollama.Platform.Api.Routing;

namespace Ollama.Platform.Api.Ollama.Specification;

/// <summary>The routes about the models of the library.</summary>
internal static class LibraryDescriptions
{
    private const string Digest = "sha256:185f8db32271fe25f561a6fc938b2e264306ec304eda518007d1764826381969";

    private static RouteAnswer[] Steps { get; } =
    [
        RouteAnswer.Json(WireJson.Default.ProgressLine, "The last step."),
        RouteAnswer.Lines(WireJson.Default.ProgressLine, WireJson.Default.ErrorLine),
    ];

    private static RouteParameter[] Blob { get; } =
        [RouteParameter.OfPath(BlobsRoute.DigestKey, "The digest, `sha256:` and 64 hexadecimal digits.", Digest)];

    /// <summary>All of them.</summary>
    public static IReadOnlyList<RouteDescription> All { get; } =
        [.. Listings(), .. Changes(), .. Blobs(), .. Transfers()];

    private static RouteDescription[] Listings() =>
    [
        new()
        {
            Route = "GET /api/tags",
            Id = "listModels",
            Summary = "Lists the models of the library",
            Answers = [RouteAnswer.Json(WireJson.Default.TagsReply)],
        },
        new()
        {
            Route = "GET /api/ps",
            Id = "listLoadedModels",
            Summary = "Lists the loaded models",
            Answers = [RouteAnswer.Json(WireJson.Default.ProcessReply)],
        },
        new()
        {
            Route = "POST /api/show",
            Id = "showModel",
            Summary = "Shows one model",
            Kind = RouteKind.Show,
            Refusals = RefusalScope.Library,
            Body = Schema.Reference("OllamaShowRequest"),
            Answers = [RouteAnswer.Json(WireJson.Default.ShowReply)],
            Examples =
            [
                new("brief", """{"model":"tiny-chat"}"""),
                new("verbose", """{"model":"tiny-embed","verbose":true}"""),
            ],
        },
    ];

    private static RouteDescription[] Changes() =>
    [
        new()
        {
            Route = "POST /api/create",
            Id = "createModel",
            Summary = "Makes a model of another, or of files that were uploaded before",
            Kind = RouteKind.Create,
            Refusals = RefusalScope.Transfer,
            Body = Schema.Reference("OllamaCreateRequest"),
            Answers = Steps,
            Examples =
            [
                new("stream", """{"model":"my-chat","from":"tiny-chat","system":"Answer like a pirate."}"""),
                new("whole", """
                    {"model":"my-chat","from":"tiny-chat","parameters":{"temperature":0},"stream":false}
                    """),
            ],
        },
        new()
        {
            Route = "POST /api/copy",
            Id = "copyModel",
            Summary = "Gives a model a second name",
            Kind = RouteKind.Copy,
            Refusals = RefusalScope.Library,
            Body = Schema.Reference("OllamaCopyRequest"),
            Answers = [RouteAnswer.Empty(StatusCodes.Status200OK, "It has the name.")],
            Examples = [new("copy", """{"source":"tiny-chat","destination":"my-copy"}""")],
        },
        new()
        {
            Route = "DELETE /api/delete",
            Id = "deleteModel",
            Summary = "Removes a model from the library",
            Kind = RouteKind.Delete,
            Refusals = RefusalScope.Library,
            Body = Schema.Reference("OllamaDeleteRequest"),
            Answers = [RouteAnswer.Empty(StatusCodes.Status200OK, "It is gone.")],
            Examples = [new("delete", """{"model":"my-copy"}""")],
        },
    ];

    private static RouteDescription[] Blobs() =>
    [
        new()
        {
            Route = "POST /api/blobs/{digest}",
            Id = "uploadBlob",
            Summary = "Uploads a file for a model",
            Refusals = RefusalScope.Library,
            Parameters = Blob,
            RawBodyType = "application/octet-stream",
            Examples = [new("text", "\"Hello\"")],
            Answers =
            [
                RouteAnswer.Empty(StatusCodes.Status200OK, "It was here already."),
                RouteAnswer.Empty(StatusCodes.Status201Created, "It is here now."),
            ],
        },
        new()
        {
            Route = "HEAD /api/blobs/{digest}",
            Id = "findBlob",
            Summary = "Says whether a file is here",
            Parameters = Blob,
            Answers =
            [
                RouteAnswer.Empty(StatusCodes.Status200OK, "It is."),
                RouteAnswer.Empty(StatusCodes.Status400BadRequest, "That is no digest."),
                RouteAnswer.Empty(StatusCodes.Status404NotFound, "It is not."),
            ],
        },
    ];

    private static RouteDescription[] Transfers() =>
    [
        new()
        {
            Route = "POST /api/pull",
            Id = "pullModel",
            Summary = "Brings a model from a registry",
            Kind = RouteKind.Pull,
            Refusals = RefusalScope.Transfer,
            Body = Schema.Reference("OllamaPullRequest"),
            Answers = Steps,
            Examples = [new("pull", """{"model":"registry.example.com/library/tiny-chat","stream":false}""")],
        },
        new()
        {
            Route = "POST /api/push",
            Id = "pushModel",
            Summary = "Sends a model to a registry",
            Kind = RouteKind.Push,
            Refusals = RefusalScope.Transfer,
            Body = Schema.Reference("OllamaPushRequest"),
            Answers = Steps,
            Examples = [new("push", """{"model":"registry.example.com/library/tiny-chat"}""")],
        },
    ];
}
