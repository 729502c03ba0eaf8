using System.Text.Json;
using Ollama.Platform.Api.Anthropic.Wire;
using Ollama.Platform.Api.OpenApi;
using Ollama.Platform.Api.Routing;

namespace Ollama.Platform.Api.Anthropic.Specification;

/// <summary>What Anthropic's dialect says of itself.</summary>
internal static class AnthropicSpecification
{
    // What stands for the id that each request gets.
    private const string RequestId = "req_0123456789abcdef01234567";

    /// <summary>The dialect.</summary>
    public static DialectSpecification Dialect { get; } = new()
    {
        Name = "Anthropic",
        About = "What Anthropic's clients speak, under `/v1/messages`.",
        Error = AnthropicJson.Default.ErrorWire,
        ToBody = reply => JsonSerializer.SerializeToNode(
            AnthropicReply.ToWire(RequestId, reply), AnthropicJson.Default.ErrorWire),
        Routes = Routes(),
        Schemas = AnthropicSchemas.All,
    };

    private static RouteDescription[] Routes() =>
    [
        new()
        {
            Route = "POST /v1/messages",
            Id = "createMessage",
            Summary = "Goes on with a conversation",
            Kind = RouteKind.Messages,
            Refusals = RefusalScope.Run,
            Body = Schema.Reference("AnthropicMessagesRequest"),
            Answers =
            [
                RouteAnswer.Json(AnthropicJson.Default.AnswerWire),
                RouteAnswer.Events(
                    "A run that fails ends with an error in place of `message_stop`.",
                    AnthropicJson.Default.MessageStartWire,
                    AnthropicJson.Default.BlockStartWire,
                    AnthropicJson.Default.BlockDeltaWire,
                    AnthropicJson.Default.BlockStopWire,
                    AnthropicJson.Default.MessageDeltaWire,
                    AnthropicJson.Default.MarkWire,
                    AnthropicJson.Default.ErrorWire),
            ],
            Examples =
            [
                new("whole", """
                    {"model":"tiny-chat","max_tokens":32,"thinking":{"type":"disabled"},"system":"Be brief.",
                    "messages":[{"role":"user","content":"What is the capital of France?"}]}
                    """),
                new("stream", """
                    {"model":"tiny-chat","max_tokens":16,"stream":true,
                    "messages":[{"role":"user","content":[{"type":"text","text":"Hello"}]}]}
                    """),
                new("tools", """
                    {"model":"tiny-chat","max_tokens":32,
                    "messages":[{"role":"user","content":"What is the weather in Paris?"}],
                    "tools":[{"name":"get_weather","input_schema":{"type":"object","required":["city"],
                    "properties":{"city":{"type":"string"}}}}]}
                    """),
            ],
        },
        new()
        {
            Route = "POST /v1/messages/count_tokens",
            Id = "countMessageTokens",
            Summary = "Counts the tokens of a conversation",
            Kind = RouteKind.Messages,
            Refusals = RefusalScope.Run,
            Body = Schema.Reference("AnthropicCountRequest"),
            Answers = [RouteAnswer.Json(AnthropicJson.Default.CountWire)],
            Examples = [new("count", """{"model":"tiny-chat","messages":[{"role":"user","content":"Hello"}]}""")],
        },
    ];
}
