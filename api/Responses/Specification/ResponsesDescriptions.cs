using Ollama.Platform.Api.OpenAi.Requests;
using Ollama.Platform.Api.OpenApi;
using Ollama.Platform.Api.Responses.Requests;
using Ollama.Platform.Api.Responses.Wire;
using Ollama.Platform.Api.Routing;

namespace Ollama.Platform.Api.Responses.Specification;

/// <summary>What the routes of responses say of themselves.</summary>
internal static class ResponsesDescriptions
{
    private static RouteParameter[] Id { get; } =
        [RouteParameter.OfPath(StoredResponsesRoute.IdKey, "The response.", "resp_1")];

    private static RouteAnswer Events { get; } = RouteAnswer.Events(
        "They are numbered.", ResponsesJson.Default.ResponseEvent, ResponsesJson.Default.ErrorEvent);

    /// <summary>All of them.</summary>
    public static IReadOnlyList<RouteDescription> All { get; } = [Create(), Count(), .. Stored()];

    private static RouteParameter Include() => RouteParameter.OfQuery(
        "include", Schema.Choice("Changes nothing: what there is of it is a part of the answer.", [.. Includes.Known]));

    private static RouteDescription Create() => new()
    {
        Route = "POST /v1/responses",
        Id = "createResponse",
        Summary = "Answers a turn of a conversation",
        Kind = RouteKind.Responses,
        Refusals = RefusalScope.Run,
        Body = Schema.Reference(ResponsesSchemas.RequestName),
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
            new("tools", """
                {"model":"tiny-chat","input":"What is the weather in Paris?","max_output_tokens":64,
                "reasoning":{"effort":"none"},"tool_choice":"required","tools":[{"type":"function","name":"get_weather",
                "description":"The weather of a city.","parameters":{"type":"object","required":["city"],
                "properties":{"city":{"type":"string"}}}}]}
                """),
            new("result", """
                {"model":"tiny-chat","max_output_tokens":32,"reasoning":{"effort":"none"},"input":[
                {"type":"message","role":"user","content":[{"type":"input_text","text":"What is the weather?"}]},
                {"type":"function_call","call_id":"call_1","name":"get_weather","arguments":"{\"city\":\"Paris\"}"},
                {"type":"function_call_output","call_id":"call_1","output":"Sunny, 21 degrees."}]}
                """),
            new("schema", """
                {"model":"tiny-chat","input":"Name a city.","max_output_tokens":64,"reasoning":{"effort":"none"},
                "text":{"format":{"type":"json_schema","name":"city","schema":{"type":"object","required":["name"],
                "properties":{"name":{"type":"string","maxLength":20}},"additionalProperties":false}}}}
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
        Body = Schema.Reference(ResponsesSchemas.RequestName),
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
