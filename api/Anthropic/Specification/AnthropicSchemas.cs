using System.Text.Json.Nodes;
using Ollama.Platform.Api.OpenApi;

namespace Ollama.Platform.Api.Anthropic.Specification;

/// <summary>What the requests of Anthropic's dialect may hold.</summary>
internal static class AnthropicSchemas
{
    /// <summary>All of them, by name.</summary>
    public static IReadOnlyDictionary<string, JsonObject> All { get; } = new Dictionary<string, JsonObject>
    {
        ["AnthropicMessagesRequest"] = Schema.Object(
            "A conversation to go on with.", ["model", "messages", "max_tokens"], Body()),
        ["AnthropicCountRequest"] = Schema.Object(
            "A conversation whose tokens are to be counted.", ["model", "messages"], Body()),
        ["AnthropicInputMessage"] = Schema.Object("A message of the conversation.", ["role", "content"],
            ("role", Schema.Choice("Who speaks.", "user", "assistant", "system")),
            ("content", Schema.Either(
                "The text, or blocks.", Item("string"),
                new JsonObject { ["type"] = "array", ["items"] = Schema.Reference("AnthropicInputBlock") }))),
        ["AnthropicInputBlock"] = new()
        {
            ["description"] = "A block of a message. Blocks of other types are ignored, but for documents.",
            ["anyOf"] = new JsonArray(Text(), Thinking(), Image(), ToolUse(), ToolResult(), Other()),
        },
        ["AnthropicTool"] = Schema.Object("A function that the model may call.", ["name"],
            ("type", Schema.Choice("Only tools of the client work.", "custom")),
            ("name", Schema.Text("Its name.").Like("f")),
            ("description", Schema.Text("What it does.")),
            ("input_schema", Schema.Group("Its parameters, in JSON Schema.", [],
                ("type", Schema.Text("`object`.")),
                ("required", Schema.List("Those that must be there.", Item("string"))),
                ("properties", Schema.Map("The parameters.", Schema.Reference("OllamaToolProperty")))))),
    };

    private static (string Name, JsonObject Schema)[] Body() =>
    [
        ("model", Schema.Text("The model, e.g. `tiny-chat`.").Like("tiny-chat")),
        ("messages", Messages()),
        ("max_tokens", Schema.Whole("Most tokens of the answer.", 1)),
        ("system", Schema.Either(
            "The system text, or text blocks.",
            Item("string"),
            new JsonObject { ["type"] = "array", ["items"] = Text() })),
        ("stream", Schema.Flag("Events as they come, or one object at the end (the default).")),
        ("stop_sequences", Schema.List("The answer ends in front of these texts.", Item("string"))),
        ("temperature", Schema.Number("How freely tokens are chosen.")),
        ("top_p", Schema.Number("Keeps the most probable tokens that have this probability together.")),
        ("top_k", Schema.Whole("Keeps so many of the most probable tokens.")),
        ("tools", Schema.List("What the model may call.", Schema.Reference("AnthropicTool"))),
        ("tool_choice", Schema.Group("Whether the model may or must call, and what.", ["type"],
            ("type", Schema.Choice("Whether it may or must.", "auto", "any", "tool", "none")),
            ("name", Schema.Text("The function, where `type` is `tool`.")),
            ("disable_parallel_tool_use", Schema.Flag("At most one call.")))),
        ("thinking", Schema.Group("Whether to think, for models that can.", [],
            ("type", Schema.Text("`enabled` or `disabled`; others leave it to the model.").Like("enabled")),
            ("budget_tokens", Schema.Whole("Has no effect.")))),
        ("output_config", Schema.Group("About the answer.", [],
            ("effort", Schema.Choice("How hard to think.", "low", "medium", "high", "xhigh", "max")),
            ("format", Schema.Group("What the answer must be.", ["type", "schema"],
                ("type", Schema.Constant("json_schema")),
                ("schema", Schema.Map("The schema that it fits.")))))),
    ];

    private static JsonObject Item(string type) => new() { ["type"] = type };

    private static JsonObject Messages()
    {
        var messages = Schema.List("The conversation.", Schema.Reference("AnthropicInputMessage"));
        messages["minItems"] = 1;
        return messages;
    }

    private static JsonObject Text() => Schema.Object("A text.", ["type", "text"],
        ("type", Schema.Constant("text")), ("text", Schema.Text("The text.")));

    private static JsonObject Thinking() => Schema.Object("What the assistant thought.", ["type", "thinking"],
        ("type", Schema.Constant("thinking")),
        ("thinking", Schema.Text("The text.")),
        ("signature", Schema.Any("Has no effect.")));

    private static JsonObject Image() => Schema.Object("An image, for models that see.", ["type", "source"],
        ("type", Schema.Constant("image")),
        ("source", Schema.Group("Where it is.", ["type", "data"],
            ("type", Schema.Constant("base64")),
            ("media_type", Schema.Any("Has no effect: the bytes say what they are.")),
            ("data", Schema.Text("The image in base64.").Like("AAAA")))));

    private static JsonObject ToolUse() => Schema.Object("A call.", ["type", "id", "name"],
        ("type", Schema.Constant("tool_use")),
        ("id", Schema.Text("Its id.").Like("toolu_1")),
        ("name", Schema.Text("The function.").Like("f")),
        ("input", Schema.Map("The arguments.")));

    private static JsonObject ToolResult() => Schema.Object("The result of a call.", ["type", "tool_use_id"],
        ("type", Schema.Constant("tool_result")),
        ("tool_use_id", Schema.Text("The call's id.").Like("toolu_1")),
        ("is_error", Schema.Any("Has no effect.")),
        ("content", Schema.Either(
            "The text, or blocks of text and images.",
            Item("string"),
            new JsonObject
            {
                ["type"] = "array",
                ["items"] = new JsonObject { ["anyOf"] = new JsonArray(Text(), Image()) },
            })));

    private static JsonObject Other()
    {
        var schema = Schema.Object("A block that is ignored.", ["type"], ("type", Schema.Text("Another type.")));
        schema["properties"]!["type"]!["not"] = new JsonObject
        {
            ["enum"] = new JsonArray("text", "thinking", "image", "tool_use", "tool_result", "document"),
        };
        return schema.Like(new JsonObject { ["type"] = "redacted_thinking" });
    }
}
