using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Ollama.Platform.Api.Anthropic;
using Ollama.Platform.Api.Anthropic.Wire;
using Ollama.Platform.Api.Batches.Specification;
using Ollama.Platform.Api.OpenAi.Wire;
using Ollama.Platform.Api.OpenApi;
using Ollama.Platform.Api.Responses.Specification;
using Ollama.Platform.Api.Routing;

namespace Ollama.Platform.Api.OpenAi.Specification;

/// <summary>What OpenAI's dialect says of itself.</summary>
internal static class OpenAiSpecification
{
    private const string Done = "Behind the last one comes `[DONE]`; a run that fails ends with an error instead.";

    private const string Both = "With the header `anthropic-version` the answer is in Anthropic's dialect.";

    private static JsonTypeInfo[] Lists { get; } =
        [OpenAiJson.Default.ModelList, AnthropicJson.Default.ModelListWire];

    private static JsonTypeInfo[] Items { get; } = [OpenAiJson.Default.ModelItem, AnthropicJson.Default.ModelWire];

    /// <summary>The dialect.</summary>
    public static DialectSpecification Dialect { get; } = new()
    {
        Name = "OpenAi",
        About = "What OpenAI's clients speak, under `/v1`.",
        Error = OpenAiJson.Default.ErrorBody,
        ToBody = reply => JsonSerializer.SerializeToNode(OpenAiReplies.ToBody(reply), OpenAiJson.Default.ErrorBody),
        Routes = [.. Generation(), .. Others(), .. ResponsesDescriptions.All, .. BatchDescriptions.All],
        Schemas = OpenAiSchemas.All.Concat(ResponsesSchemas.All).Concat(BatchDescriptions.Schemas)
            .ToDictionary(),
    };

    private static RouteDescription[] Generation() =>
    [
        new()
        {
            Route = "POST /v1/chat/completions",
            Id = "createChatCompletion",
            Summary = "Goes on with a conversation",
            Kind = RouteKind.Chat,
            Refusals = RefusalScope.Run,
            Body = Schema.Reference("OpenAiChatCompletionRequest"),
            Answers =
            [
                RouteAnswer.Json(OpenAiJson.Default.ChatCompletion),
                RouteAnswer.Events(Done, OpenAiJson.Default.ChatCompletion, OpenAiJson.Default.ErrorBody),
            ],
            Examples =
            [
                new("whole", """
                    {"model":"tiny-chat","max_tokens":32,"reasoning_effort":"none",
                    "messages":[{"role":"user","content":"What is the capital of France?"}]}
                    """),
                new("stream", """
                    {"model":"tiny-chat","stream":true,"stream_options":{"include_usage":true},"max_tokens":16,
                    "messages":[{"role":"developer","content":"Be brief."},{"role":"user","content":"Hello"}]}
                    """),
                new("schema", """
                    {"model":"tiny-chat","max_tokens":32,"reasoning_effort":"none",
                    "messages":[{"role":"user","content":"Is Paris in France?"}],
                    "response_format":{"type":"json_schema","json_schema":{"name":"answer","schema":
                    {"type":"object","properties":{"yes":{"type":"boolean"}},"required":["yes"]}}}}
                    """),
                new("logprobs", """
                    {"model":"tiny-chat","max_tokens":4,"logprobs":true,"top_logprobs":2,"n":2,
                    "messages":[{"role":"user","content":"Hello"}]}
                    """),
            ],
        },
        new()
        {
            Route = "POST /v1/completions",
            Id = "createCompletion",
            Summary = "Completes a prompt",
            Kind = RouteKind.Generate,
            Refusals = RefusalScope.Run,
            Body = Schema.Reference("OpenAiCompletionRequest"),
            Answers =
            [
                RouteAnswer.Json(OpenAiJson.Default.TextCompletion),
                RouteAnswer.Events(Done, OpenAiJson.Default.TextCompletion, OpenAiJson.Default.ErrorBody),
            ],
            Examples =
            [
                new("whole", """{"model":"tiny-chat","prompt":"Hello","max_tokens":16,"logprobs":2,"echo":true}"""),
                new("stream", """{"model":"tiny-chat","prompt":"Hello","max_tokens":16,"stream":true}"""),
            ],
        },
    ];

    private static RouteDescription[] Others() =>
    [
        new()
        {
            Route = "POST /v1/embeddings",
            Id = "createEmbedding",
            Summary = "Makes vectors of texts",
            Kind = RouteKind.Embed,
            Refusals = RefusalScope.Run,
            Body = Schema.Reference("OpenAiEmbeddingRequest"),
            Answers = [RouteAnswer.Json(OpenAiJson.Default.EmbeddingList)],
            Examples =
            [
                new("numbers", """{"model":"tiny-embed","input":["Paris","Berlin"]}"""),
                new("base64", """{"model":"tiny-embed","input":"Paris","encoding_format":"base64"}"""),
            ],
        },
        new()
        {
            Route = "GET /v1/models",
            Id = "listModelItems",
            Summary = "Lists the models of the library",
            Remarks = Both,
            Refusals = RefusalScope.Library,
            OtherErrors = [AnthropicJson.Default.ErrorWire],
            Parameters =
            [
                RouteParameter.OfQuery("limit", Schema.Whole(
                    "Most models; only in Anthropic's dialect.", 1, ModelListRoute.PageLengthMax), "10"),
                RouteParameter.OfQuery("after_id", Schema.Text(
                    "The model behind which the list goes on; only in Anthropic's dialect."), "tiny-chat:latest"),
                RouteParameter.OfQuery("before_id", Schema.Text(
                    "The model before which the list ends; only in Anthropic's dialect.")),
            ],
            Answers = [RouteAnswer.Json(OpenAiJson.Default.ModelList) with { Types = Lists }],
        },
        new()
        {
            Route = "GET /v1/models/{**id}",
            Id = "retrieveModelItem",
            Summary = "Describes one model",
            Remarks = Both,
            Kind = RouteKind.Show,
            Refusals = RefusalScope.Library,
            OtherErrors = [AnthropicJson.Default.ErrorWire],
            Parameters = [RouteParameter.OfPath("id", "The model; it may hold slashes.", "tiny-chat:latest")],
            Answers = [RouteAnswer.Json(OpenAiJson.Default.ModelItem) with { Types = Items }],
        },
        new()
        {
            Route = "POST /v1/rerank",
            Id = "createRanking",
            Summary = "Puts documents in the order in which they answer a query",
            Kind = RouteKind.Rerank,
            Refusals = RefusalScope.Run,
            Body = Schema.Reference("OllamaRerankRequest"),
            Answers = [RouteAnswer.Json(OpenAiJson.Default.RerankList)],
            Examples = [new("rerank", """{"model":"my-ranker","query":"Paris","documents":["France","Spain"]}""")],
        },
    ];
}
