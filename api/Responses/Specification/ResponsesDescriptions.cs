using System.Text.Json.Nodes;
using Ollama.Platform.Api.OpenAi.Requests;
using Ollama.Platform.Api.OpenApi;
using Ollama.Platform.Api.Responses.Requests;
using Ollama.Platform.Api.Responses.Wire;
using Ollama.Platform.Api.Routing;

namespace Ollama.Platform.Api.Responses.Specification;

/// <summary>What the routes of responses say of themselves.</summary>
internal static class ResponsesDescriptions
{
    private const string RequestName = "ResponsesRequest";

    private static RouteParameter[] Id { get; } =
        [RouteParameter.OfPath(StoredResponsesRoute.IdKey, "The response.", "resp_1")];

    private static RouteAnswer Events { get; } = RouteAnswer.Events(
        "They are numbered.", ResponsesJson.Default.ResponseEvent, ResponsesJson.Default.ErrorEvent);

    /// <summary>All of them.</summary>
    public static IReadOnlyList<RouteDescription> All { get; } = [Create(), Count(), .. Stored()];

    /// <summary>What their requests may hold.</summary>
    public static IReadOnlyDictionary<string, JsonObject> Schemas { get; } = new Dictionary<string, JsonObject>
    {
        [RequestName] = Schema.Object("A turn of a conversation.", ["model"], [
            ("model", Schema.Text("The model, e.g. `tiny-chat`.").Like("tiny-chat")),
            ("input", Schema.Either(
                "The text, or items: messages, calls, their results, reasoning. Without it the model is only loaded.",
                new JsonObject { ["type"] = "string" },
                new JsonObject { ["type"] = "array", ["items"] = new JsonObject { ["type"] = "object" } })),
            ("instructions", Schema.Text("The system text of this turn.")),
            ("previous_response_id", Schema.Text("The response to go on from.")),
            ("tools", Schema.List("What the model may call: functions.", new JsonObject())),
            ("tool_choice", Schema.Either(
                "Whether the model may or must call.",
                new JsonObject { ["type"] = "string" },
                new JsonObject { ["type"] = "object" })),
            ("text", Schema.Group("What the answer must be.", [],
                ("format", Schema.Group("Its form.", [],
                    ("type", Schema.Choice("Its kind.", "text", "json_object", "json_schema", "")),
                    ("schema", Schema.Any("The schema, an object where `type` is `json_schema`.")))))),
            ("reasoning", Schema.Group("How to think.", [],
                ("effort", Schema.Text("How hard, e.g. `low` or `none`.").Like("low")))),
            .. Settings(),
        ]),
    };

    private static (string Name, JsonObject Schema)[] Settings() =>
    [
        ("stream", Schema.Flag("Events as they come, or one object at the end (the default).")),
        ("store", Schema.Flag("Keeps the response for a while (the default).")),
        ("background", Schema.Flag("Answers at once and goes on; the response is fetched later.")),
        ("parallel_tool_calls", Schema.Flag("Lets more than one call through (the default).")),
        ("truncation", Schema.Choice("What happens to a conversation that is too long.", "auto", "disabled")),
        ("max_output_tokens", Schema.Whole("Most tokens of the answer.", 1)),
        ("max_tool_calls", Schema.Whole("Has no effect.")),
        ("top_logprobs", Schema.Whole("Alternatives for each token.", 0, 20)),
        ("temperature", Schema.Number("How freely tokens are chosen; 1 by default.")),
        ("top_p", Schema.Number("Keeps the most probable tokens that have this probability together.")),
        ("frequency_penalty", Schema.Number("The penalty on each time that a token was there.")),
        ("presence_penalty", Schema.Number("The penalty on tokens that were there once.")),
        ("include", Schema.List(
            "What else is wanted.", new JsonObject { ["type"] = "string" }.Like("reasoning.encrypted_content"))),
        ("metadata", Schema.Map("Kept with the response.", new JsonObject { ["type"] = "string" })),
        ("safety_identifier", Schema.Text("Kept with the response.")),
        ("prompt_cache_key", Schema.Text("Kept with the response.")),
    ];

    private static RouteParameter Include() => RouteParameter.OfQuery(
        "include", Schema.Choice("Changes nothing: what there is of it is a part of the answer.", [.. Includes.Known]));

    private static RouteDescription Create() => new()
    {
        Route = "POST /v1/responses",
        Id = "createResponse",
        Summary = "Answers a turn of a conversation",
        Kind = RouteKind.Responses,
        Refusals = RefusalScope.Run,
        Body = Schema.Reference(RequestName),
        Answers = [RouteAnswer.Json(ResponsesJson.Default.ResponseWire), Events],
        Examples =
        [
            new("whole", """
                {"model":"tiny-chat","input":"What is the capital of France?","max_output_tokens":32,
                "reasoning":{"effort":"none"}}
                """),
            new("stream", """
                {"model":"tiny-chat","stream":true,"store":false,"max_output_tokens":16,"instructions":"Be brief.",
                "input":[{"role":"user","content":"Hello"}]}
                """),
        ],
    };

    private static RouteDescription Count() => new()
    {
        Route = "POST /v1/responses/input_tokens",
        Id = "countResponseInput",
        Summary = "Counts the tokens of a turn",
        Kind = RouteKind.Responses,
        Refusals = RefusalScope.Run,
        Body = Schema.Reference(RequestName),
        Answers = [RouteAnswer.Json(ResponsesJson.Default.InputTokensWire)],
        Examples = [new("count", """{"model":"tiny-chat","input":"Hello"}""")],
    };

    private static RouteDescription[] Stored() =>
    [
        new()
        {
            Route = "GET /v1/responses/{id}",
            Id = "getResponse",
            Summary = "Gives a kept response, or takes up its events",
            Refusals = RefusalScope.Kept,
            Parameters =
            [
                .. Id,
                RouteParameter.OfQuery("stream", Schema.Flag("Events instead of the response.")),
                RouteParameter.OfQuery("starting_after", Schema.Whole(
                    "The number of the event behind which to begin; needs `stream`.", 0)),
                Include(),
            ],
            Answers = [RouteAnswer.Json(ResponsesJson.Default.ResponseWire), Events],
        },
        new()
        {
            Route = "DELETE /v1/responses/{id}",
            Id = "deleteResponse",
            Summary = "Forgets a kept response",
            Refusals = RefusalScope.Kept,
            Parameters = Id,
            Answers = [RouteAnswer.Json(ResponsesJson.Default.DeletedWire)],
        },
        new()
        {
            Route = "POST /v1/responses/{id}/cancel",
            Id = "cancelResponse",
            Summary = "Ends a response that runs in the background",
            Refusals = RefusalScope.Kept,
            Parameters = Id,
            Answers = [RouteAnswer.Json(ResponsesJson.Default.ResponseWire)],
        },
        new()
        {
            Route = "GET /v1/responses/{id}/input_items",
            Id = "listResponseInput",
            Summary = "Lists what a kept response was asked",
            Refusals = RefusalScope.Kept,
            Parameters = [.. Id, .. RouteParameter.OfPage(PageQuery.LimitDefault, PageQuery.LimitMax), Include()],
            Answers = [RouteAnswer.Json(ResponsesJson.Default.PageWireJsonElement)],
        },
    ];
}
