using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Ollama.Platform.Api.Batches.Wire;
using Ollama.Platform.Api.OpenAi.Requests;
using Ollama.Platform.Api.OpenApi;

namespace Ollama.Platform.Api.Batches.Specification;

/// <summary>What the routes of files and batches say of themselves.</summary>
internal static class BatchDescriptions
{
    private const string RequestName = "BatchesRequest";

    private static RouteParameter[] FileId { get; } =
        [RouteParameter.OfPath(FilesRoute.IdKey, "The file.", "file-1")];

    private static RouteParameter[] BatchId { get; } =
        [RouteParameter.OfPath(BatchesRoute.IdKey, "The batch.", "batch_1")];

    /// <summary>All of them.</summary>
    public static IReadOnlyList<RouteDescription> All { get; } = [.. Files(), .. Batches()];

    /// <summary>What their requests may hold.</summary>
    public static IReadOnlyDictionary<string, JsonObject> Schemas { get; } = new Dictionary<string, JsonObject>
    {
        [RequestName] = Schema.Object(
            "Requests to run.", ["input_file_id", "endpoint", "completion_window"],
            ("input_file_id", Schema.Text("The file with the requests.").Like("file-1")),
            ("endpoint", Schema.Text("The route for all of them.").Like("/v1/chat/completions")),
            ("completion_window", Schema.Choice("When they must be done.", BatchBody.Window)),
            ("metadata", Schema.Map("Kept with the batch.", new JsonObject { ["type"] = "string" })),
            ("output_expires_after", Schema.Object(
                "How long its results are kept.", ["anchor", "seconds"],
                ("anchor", Schema.Choice("From when on it counts.", FileLife.Anchor)),
                ("seconds", Schema.Whole(
                    "Between an hour and thirty days.", FileLife.SecondsMin, FileLife.SecondsMax)
                    .Like(FileLife.SecondsMin))))),
    };

    private static RouteDescription[] Files() =>
    [
        new()
        {
            Route = "POST /v1/files",
            Id = "uploadFile",
            Summary = "Uploads requests as lines of JSON",
            Refusals = RefusalScope.Kept,
            RawBodyType = "multipart/form-data",
            Body = Schema.Object("A form.", ["file", "purpose"],
                ("file", new JsonObject { ["type"] = "string", ["format"] = "binary" }),
                ("purpose", Schema.Choice("What it is for.", FileStore.Input))),
            Answers = [RouteAnswer.Json(BatchesJson.Default.FileWire)],
        },
        new()
        {
            Route = "GET /v1/files",
            Id = "listFiles",
            Summary = "Lists the files",
            Refusals = RefusalScope.Kept,
            Parameters =
            [
                .. RouteParameter.OfPage(FilesRoute.PageMax, FilesRoute.PageMax),
                RouteParameter.OfQuery("purpose", Schema.Text("Only files that are for this."), FileStore.Input),
            ],
            Answers = [RouteAnswer.Json(BatchesJson.Default.PageWireFileWire)],
        },
        new()
        {
            Route = "GET /v1/files/{id}",
            Id = "getFile",
            Summary = "Describes a file",
            Refusals = RefusalScope.Kept,
            Parameters = FileId,
            Answers = [RouteAnswer.Json(BatchesJson.Default.FileWire)],
        },
        new()
        {
            Route = "DELETE /v1/files/{id}",
            Id = "deleteFile",
            Summary = "Deletes a file",
            Refusals = RefusalScope.Kept,
            Parameters = FileId,
            Answers = [RouteAnswer.Json(BatchesJson.Default.DeletedWire)],
        },
        new()
        {
            Route = "GET /v1/files/{id}/content",
            Id = "readFile",
            Summary = "Gives the bytes of a file",
            Refusals = RefusalScope.Kept,
            Parameters = FileId,
            Answers =
            [
                new RouteAnswer(StatusCodes.Status200OK, "application/octet-stream", [], "The bytes."),
            ],
        },
    ];

    private static RouteDescription[] Batches() =>
    [
        new()
        {
            Route = "POST /v1/batches",
            Id = "createBatch",
            Summary = "Runs the requests of a file behind everybody who waits",
            Refusals = RefusalScope.Kept,
            Body = Schema.Reference(RequestName),
            Answers = [RouteAnswer.Json(BatchesJson.Default.BatchWire)],
            Examples =
            [
                new("batch", """
                    {"input_file_id":"file-1","endpoint":"/v1/chat/completions","completion_window":"24h"}
                    """),
            ],
        },
        new()
        {
            Route = "GET /v1/batches",
            Id = "listBatches",
            Summary = "Lists the batches",
            Refusals = RefusalScope.Kept,
            Parameters = RouteParameter.OfPage(PageQuery.LimitDefault, PageQuery.LimitMax),
            Answers = [RouteAnswer.Json(BatchesJson.Default.PageWireBatchWire)],
        },
        new()
        {
            Route = "GET /v1/batches/{id}",
            Id = "getBatch",
            Summary = "Describes a batch",
            Refusals = RefusalScope.Kept,
            Parameters = BatchId,
            Answers = [RouteAnswer.Json(BatchesJson.Default.BatchWire)],
        },
        new()
        {
            Route = "POST /v1/batches/{id}/cancel",
            Id = "cancelBatch",
            Summary = "Ends a batch",
            Refusals = RefusalScope.Kept,
            Parameters = BatchId,
            Answers = [RouteAnswer.Json(BatchesJson.Default.BatchWire)],
        },
    ];
}
