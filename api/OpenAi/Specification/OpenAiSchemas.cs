using System.Text.Json.Nodes;
using Ollama.Platform.Api.OpenApi;

namespace Ollama.Platform.Api.OpenAi.Specification;

/// <summary>What the requests of OpenAI's dialect may hold.</summary>
internal static class OpenAiSchemas
{
    /// <summary>All of them, by name.</summary>
    public static IReadOnlyDictionary<string, JsonObject> All { get; } = new Dictionary<string, JsonObject>
    {
        ["OpenAiChatCompletionRequest"] = Schema.Object("A conversation to go on with.", ["model", "messages"], [
            .. Shared(),
            ("messages", Messages()),
            ("tools", Schema.List("What the model may call.", Schema.Reference("OllamaTool"))),
            ("tool_choice", ToolChoice()),
            ("parallel_tool_calls", Schema.Flag("Lets more than one call through (the default).")),
            ("stop", Stops(isLenient: true)),
            ("response_format", ResponseFormat()),
            ("reasoning_effort", Effort()),
            ("reasoning", Schema.Group("How to think.", [], ("effort", Effort()))),
            ("logprobs", Schema.Flag("Adds log-probabilities of the tokens.")),
            ("top_logprobs", Schema.Whole("Alternatives for each token.", 0, 20)),
        ]),
        ["OpenAiCompletionRequest"] = Schema.Object("A prompt to complete.", ["model"], [
            .. Shared(),
            ("prompt", TextOrTokens("The prompt or prompts. Without one the model is only loaded.")),
            ("suffix", Schema.Text("Text behind the gap that is to be filled.")),
            ("echo", Schema.Flag("Puts the prompt in front of the answer.")),
            ("best_of", Schema.Whole("1 or `n`.", 1, 16)),
            ("logprobs", Schema.Whole("Alternatives for each token, if any; 0 for no log-probabilities.", 0, 20)),
            ("stop", Stops(isLenient: false)),
        ]),
        ["OpenAiEmbeddingRequest"] = Schema.Object("Texts to embed.", ["model", "input"],
            ("model", Model("The model.").Like("tiny-embed")),
            ("input", TextOrTokens("What to embed.")),
            ("dimensions", Schema.Whole("Components to keep; 0 keeps all.")),
            ("encoding_format", Schema.Choice("How vectors are written.", "float", "base64"))),
        ["OpenAiInputMessage"] = InputMessage(),
        ["OpenAiContentPart"] = ContentPart(),
    };

    private static (string Name, JsonObject Schema)[] Shared() =>
    [
        ("model", Model("The model, e.g. `tiny-chat`.")),
        ("stream", Schema.Flag("Events as they come, or one object at the end (the default).")),
        ("stream_options", Schema.Group("About the stream.", [],
            ("include_usage", Schema.Flag("Ends the stream with what it cost.")))),
        ("max_tokens", Schema.Whole("Most tokens of the answer.")),
        ("max_completion_tokens", Schema.Whole("The same; goes before `max_tokens`.")),
        ("n", Schema.Whole("How many answers, each a run of its own.", 1, 16)),
        ("seed", Schema.Whole("The same seed makes the same answer.")),
        ("temperature", Schema.Number("How freely tokens are chosen; 1 by default.")),
        ("top_p", Schema.Number("Keeps the most probable tokens that have this probability together.")),
        ("frequency_penalty", Schema.Number("The penalty on each time that a token was there.")),
        ("presence_penalty", Schema.Number("The penalty on tokens that were there once.")),
        ("logit_bias", Schema.Map("What is added to the logits of tokens, by id.", Item("number"))),
    ];

    private static JsonObject Model(string about) => Schema.Text(about).Like("tiny-chat");

    private static JsonObject Item(string type) => new() { ["type"] = type };

    private static JsonObject ListOf(string type) => new() { ["type"] = "array", ["items"] = Item(type) };

    private static JsonObject TextOrTokens(string about) => Schema.Either(
        about + " A text, texts, tokens, or arrays of tokens; not mixed.",
        Item("string"),
        new JsonObject
        {
            ["type"] = "array",
            ["minItems"] = 1,
            ["items"] = new JsonObject
            {
                ["anyOf"] = new JsonArray(Item("string"), Item("integer"), ListOf("integer")),
            },
        });

    private static JsonObject ToolChoice() => Schema.Either(
        "Whether the model may or must call, and what.",
        new JsonObject { ["type"] = "string", ["enum"] = new JsonArray("auto", "none", "required") },
        NamedFunction(),
        Schema.Object("The functions that count.", ["type", "allowed_tools"],
            ("type", Schema.Constant("allowed_tools")),
            ("allowed_tools", Schema.Group("Which.", ["mode", "tools"],
                ("mode", Schema.Choice("Whether one must be called.", "auto", "required")),
                ("tools", Schema.List("Their names.", NamedFunction()))))));

    private static JsonObject NamedFunction() => Schema.Object("One function.", ["type", "function"],
        ("type", Schema.Constant("function")),
        ("function", Schema.Group("Which.", ["name"], ("name", Schema.Text("Its name.")))));

    private static JsonObject Effort() => Schema.Choice(
        "How hard to think.", "none", "minimal", "low", "medium", "high", "xhigh", "ultra", "max", "");

    private static JsonObject Messages()
    {
        var messages = Schema.List("The conversation.", Schema.Reference("OpenAiInputMessage"));
        messages["minItems"] = 1;
        return messages;
    }

    private static JsonObject Stops(bool isLenient)
    {
        var schema = Schema.Either("The answer ends in front of these texts.", Item("string"), ListOf("string"));
        if (isLenient)
        {
            schema = schema.Leniently();
            (schema["anyOf"]![1]!["items"] as JsonObject)!.Leniently();
        }

        return schema;
    }

    private static JsonObject ResponseFormat() => Schema.Object("What the answer must be.", [],
        ("type", Schema.Text("`text`, `json_object` or `json_schema`; others mean `text`.").Like("json_object")),
        ("json_schema", Schema.Group("JSON that fits a schema.", [],
            ("name", Schema.Any("Has no effect.")),
            ("strict", Schema.Any("Has no effect: the schema always holds.")),
            ("schema", Schema.Any("The schema, an object where `type` is `json_schema`.")))));

    private static JsonObject InputMessage() => Schema.Object("A message of the conversation.", ["role"],
        ("role", Schema.Choice(
            "Who speaks; `developer` is `system`, and `function` is `tool`.",
            "assistant", "system", "developer", "user", "tool", "function")),
        ("content", Schema.Either(
            "The text, or parts. Only a message with calls may do without.",
            new JsonObject { ["type"] = "string", ["examples"] = new JsonArray("Hello") },
            new JsonObject { ["type"] = "array", ["items"] = Schema.Reference("OpenAiContentPart") })),
        ("reasoning", Schema.Text("What the assistant thought.")),
        ("name", Schema.Text("Whose result a `tool` message is.")),
        ("tool_call_id", Schema.Text("The call whose result a `tool` message is.")),
        ("tool_calls", Schema.List("What the assistant called.", Schema.Object("A call.", ["function"],
            ("id", Schema.Text("Its id.")),
            ("index", Schema.Whole("Position among the calls.")),
            ("type", Schema.Any("`function`.")),
            ("function", Schema.Group("What is called.", ["arguments"],
                ("name", Schema.Text("The function.")),
                ("arguments", Schema.Text("The text of a JSON object.").Like("{}"))))))))
        .Like(new JsonObject { ["role"] = "assistant", ["content"] = "Hello" });

    private static JsonObject ContentPart() => new()
    {
        ["description"] = "A part of a message.",
        ["anyOf"] = new JsonArray(
            Schema.Object("A text.", ["type", "text"],
                ("type", Schema.Constant("text")), ("text", Schema.Text("The text."))),
            Schema.Object("An image.", ["type", "image_url"],
                ("type", Schema.Constant("image_url")),
                ("image_url", Schema.Either("The image as a data URI.", Address(), Schema.Object(
                    "The image.", ["url"], ("url", Address())))))),
    };

    private static JsonObject Address() => new()
    {
        ["type"] = "string",
        ["description"] = "A data URI of a PNG, JPEG, WebP, GIF or BMP image. Nothing is fetched.",
        ["examples"] = new JsonArray("data:image/png;base64,AAAA"),
    };
}
