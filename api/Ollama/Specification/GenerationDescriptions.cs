using Ollama.Platform.Api.Ollama.Wire;
using Ollama.Platform.Api.OpenApi;
using Ollama.Platform.Api.Routing;

namespace Ollama.Platform.Api.Ollama.Specification;

/// <summary>The routes that run a model.</summary>
internal static class GenerationDescriptions
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<RouteDescription> All { get; } =
    [
        new()
        {
            Route = "POST /api/chat",
            Id = "chat",
            Summary = "Goes on with a conversation",
            Kind = RouteKind.Chat,
            Refusals = RefusalScope.Run,
            Body = Schema.Reference("OllamaChatRequest"),
            Answers =
            [
                RouteAnswer.Json(WireJson.Default.ChatLine),
                RouteAnswer.Lines(WireJson.Default.ChatLine, WireJson.Default.ErrorLine),
            ],
            Examples =
            [
                new("stream", """
                    {"model":"tiny-chat","messages":[{"role":"user","content":"What is the capital of France?"}]}
                    """),
                new("whole", """
                    {"model":"tiny-chat","stream":false,"think":false,"options":{"temperature":0,"num_predict":32},
                    "messages":[{"role":"system","content":"Be brief."},{"role":"user","content":"Hello"}]}
                    """),
                new("tools", """
                    {"model":"tiny-chat","stream":false,"think":false,"options":{"num_predict":32},
                    "messages":[{"role":"user","content":"What is the weather in Paris?"}],
                    "tools":[{"type":"function","function":{"name":"get_weather","description":"Get the weather",
                    "parameters":{"type":"object","required":["city"],"properties":{"city":{"type":"string"}}}}}]}
                    """),
                new("schema", """
                    {"model":"tiny-chat","stream":false,"think":false,"options":{"num_predict":32},
                    "messages":[{"role":"user","content":"Is Paris in France?"}],
                    "format":{"type":"object","properties":{"yes":{"type":"boolean"}},"required":["yes"]}}
                    """),
                new("load", """{"model":"tiny-chat"}"""),
            ],
        },
        new()
        {
            Route = "POST /api/generate",
            Id = "generate",
            Summary = "Completes a prompt",
            Kind = RouteKind.Generate,
            Refusals = RefusalScope.Run,
            Body = Schema.Reference("OllamaGenerateRequest"),
            Answers =
            [
                RouteAnswer.Json(WireJson.Default.GenerateLine),
                RouteAnswer.Lines(WireJson.Default.GenerateLine, WireJson.Default.ErrorLine),
            ],
            Examples =
            [
                new("stream", """{"model":"tiny-chat","prompt":"Hello","options":{"num_predict":16}}"""),
                new("raw", """
                    {"model":"tiny-chat","prompt":"The capital of France is","raw":true,"stream":false,
                    "logprobs":true,"top_logprobs":2,"options":{"temperature":0,"num_predict":12}}
                    """),
                new("load", """{"model":"tiny-chat","keep_alive":"5m"}"""),
            ],
        },
        .. Embeddings(),
    ];

    private static RouteDescription[] Embeddings() =>
    [
        new()
        {
            Route = "POST /api/embed",
            Id = "embed",
            Summary = "Makes vectors of texts",
            Kind = RouteKind.Embed,
            Refusals = RefusalScope.Run,
            Body = Schema.Reference("OllamaEmbedRequest"),
            Answers = [RouteAnswer.Json(WireJson.Default.EmbedReply)],
            Examples =
            [
                new("one", """{"model":"tiny-embed","input":"What is the capital of France?"}"""),
                new("several", """{"model":"tiny-embed","input":["Paris","Berlin"],"dimensions":8}"""),
            ],
        },
        new()
        {
            Route = "POST /api/embeddings",
            Id = "embedOne",
            Summary = "Makes a vector of one text, as the model gives it",
            Kind = RouteKind.Embeddings,
            Refusals = RefusalScope.Run,
            Body = Schema.Reference("OllamaEmbeddingsRequest"),
            Answers = [RouteAnswer.Json(WireJson.Default.EmbeddingsReply)],
            Examples = [new("one", """{"model":"tiny-embed","prompt":"Paris"}""")],
        },
        .. Tokens(),
    ];

    private static RouteDescription[] Tokens() =>
    [
        new()
        {
            Route = "POST /api/tokenize",
            Id = "tokenize",
            Summary = "Splits a text into tokens",
            Kind = RouteKind.Tokenize,
            Refusals = RefusalScope.Run,
            Body = Schema.Reference("OllamaTokenizeRequest"),
            Answers = [RouteAnswer.Json(WireJson.Default.TokenizeReply)],
            Examples = [new("text", """{"model":"tiny-chat","content":"Hello"}""")],
        },
        new()
        {
            Route = "POST /api/detokenize",
            Id = "detokenize",
            Summary = "Joins tokens to a text",
            Kind = RouteKind.Tokenize,
            Refusals = RefusalScope.Run,
            Body = Schema.Reference("OllamaDetokenizeRequest"),
            Answers = [RouteAnswer.Json(WireJson.Default.DetokenizeReply)],
            Examples = [new("tokens", """{"model":"tiny-chat","tokens":[1,2,3]}""")],
        },
        new()
        {
            Route = "POST /api/rerank",
            Id = "rerank",
            Summary = "Puts documents in the order in which they answer a query",
            Kind = RouteKind.Rerank,
            Refusals = RefusalScope.Run,
            Body = Schema.Reference("OllamaRerankRequest"),
            Answers = [RouteAnswer.Json(WireJson.Default.RerankReply)],
            Examples = [new("rerank", """{"model":"my-ranker","query":"Paris","documents":["France","Spain"]}""")],
        },
    ];
}
