using System.Text.Json.Nodes;
using Ollama.Platform.Api.OpenApi;

namespace Ollama.Platform.Api.Responses.Specification;

/// <summary>What the requests for responses may hold.</summary>
internal static class ResponsesSchemas
{
    /// <summary>The name of a request.</summary>
    public const string RequestName = "ResponsesRequest";

    /// <summary>The name of a tool.</summary>
    public const string ToolName = "ResponsesTool";

    /// <summary>The name of what decides whether tools are called.</summary>
    public const string ToolChoiceName = "ResponsesToolChoice";

    /// <summary>The name of what the answer must be.</summary>
    public const string TextName = "ResponsesText";

    /// <summary>The name of how to think.</summary>
    public const string ReasoningName = "ResponsesReasoning";

    /// <summary>The name of what is kept beside a response.</summary>
    public const string MetadataName = "ResponsesMetadata";

    private const string ItemName = "ResponsesInputItem";
    private const string PartName = "ResponsesInputPart";
    private const string FunctionName = "ResponsesFunctionTool";

    /// <summary>All of them, by name.</summary>
    public static IReadOnlyDictionary<string, JsonObject> All { get; } = new Dictionary<string, JsonObject>
    {
        [RequestName] = Schema.Object("A turn of a conversation.", ["model"], [
            ("model", Schema.Text("The model, e.g. `tiny-chat`.").Like("tiny-chat")),
            ("input", Schema.Either(
                "The text, or items: messages, calls, their results, reasoning. Without it the model is only loaded.",
                Item("string"),
                ListOf(Schema.Reference(ItemName)))),
            ("instructions", Schema.Text("The system text of this turn.")),
            ("previous_response_id", Schema.Text("The response to go on from.")),
            ("tools", Schema.List("What the model may call: functions.", Schema.Reference(ToolName))),
            ("tool_choice", Schema.Reference(ToolChoiceName, "Whether the model may or must call, and what.")),
            ("text", Schema.Reference(TextName, "What the answer must be.")),
            ("reasoning", Schema.Reference(ReasoningName, "How to think.")),
            .. Settings(),
        ]),
        [ToolChoiceName] = ToolChoice(),
        [TextName] = Schema.Group("What the answer must be.", [], ("format", TextFormat())),
        [ReasoningName] = Schema.Group("How to think.", [],
            ("effort", Schema.Text("How hard, e.g. `low` or `none`.").Like("low")),
            ("summary", Schema.Any("Has no effect: the reasoning itself is told."))),
        [MetadataName] = Schema.Map("Kept with the response.", Item("string")),
        [ItemName] = new()
        {
            ["description"] = "What was said or done. A message need not say its type.",
            ["anyOf"] = new JsonArray(Message(), Call(), Result(), Reasoning(), Reference(), Search()),
        },
        [PartName] = new()
        {
            ["description"] = "A part of a message or of a result.",
            ["anyOf"] = new JsonArray(Text(), Image(), Refusal()),
        },
        [ToolName] = new()
        {
            ["description"] = "A function, or several under one name. Tools that would run on the server are refused.",
            ["anyOf"] = new JsonArray(Schema.Reference(FunctionName), NameSpace()),
        },
        [FunctionName] = Function(),
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
        ("metadata", Schema.Reference(MetadataName, "Kept with the response.")),
        ("safety_identifier", Schema.Text("Kept with the response.")),
        ("prompt_cache_key", Schema.Text("Kept with the response.")),
    ];

    private static JsonObject Item(string type) => new() { ["type"] = type };

    private static JsonObject ListOf(JsonObject items) => new() { ["type"] = "array", ["items"] = items };

    private static JsonObject Id(string about = "Its id; a new one where it has none.") => Schema.Text(about);

    private static JsonObject Status() => Schema.Any("Has no effect.");

    private static JsonObject Parts(string about) =>
        Schema.Either(about, Item("string"), ListOf(Schema.Reference(PartName)));

    private static JsonObject Message() => Schema.Object("A message.", ["role"],
        ("type", Schema.Constant("message")),
        ("id", Id()),
        ("role", Schema.Choice("Who speaks; `developer` is `system`.", "user", "assistant", "system", "developer")),
        ("content", Parts("The text, or parts.")),
        ("status", Status()));

    private static JsonObject Call() => Schema.Object("A call that the model made.", ["type", "name"],
        ("type", Schema.Constant("function_call")),
        ("id", Id()),
        ("call_id", Schema.Text("The call, which its result names.").Like("call_1")),
        ("name", Schema.Text("The function.").Like("f")),
        ("arguments", Schema.Text("The text of a JSON object.").Like("{}")),
        ("status", Status()));

    private static JsonObject Result() => Schema.Object(
        "The result of a call in front of it.", ["type", "call_id", "output"],
        ("type", Schema.Constant("function_call_output")),
        ("id", Id()),
        ("call_id", Schema.Text("The call.").Like("call_1")),
        ("output", Parts("The text, or parts.")),
        ("status", Status()));

    private static JsonObject Reasoning() => Schema.Object("What the model thought.", ["type"],
        ("type", Schema.Constant("reasoning")),
        ("id", Id()),
        ("summary", Thoughts("The text, as this server tells it.", "summary_text")),
        ("content", Thoughts("The text, as other servers tell it.", "reasoning_text")),
        ("encrypted_content", Schema.Text("The text as this server wrote it; goes before the others.")),
        ("status", Status()));

    private static JsonObject Thoughts(string about, string type) => Schema.List(about,
        Schema.Object("A part.", ["type", "text"],
            ("type", Schema.Constant(type)), ("text", Schema.Text("Its text."))));

    private static JsonObject Reference() => Schema.Object("An item of a kept response.", ["type", "id"],
        ("type", Schema.Constant("item_reference")),
        ("id", Id("The item.")));

    private static JsonObject Search() => Schema.Object("What another server did; it is passed over.", ["type"],
        ("type", Schema.Constant("web_search_call")),
        ("id", Id()));

    private static JsonObject Text() => Schema.Object("A text.", ["type", "text"],
        ("type", new JsonObject
        {
            ["type"] = "string",
            ["enum"] = new JsonArray("input_text", "output_text", "text", "summary_text", "reasoning_text"),
        }),
        ("text", Schema.Text("The text.")),
        ("annotations", Schema.Any("Has no effect.")),
        ("logprobs", Schema.Any("Has no effect.")));

    private static JsonObject Image() => Schema.Object("An image, for models that see.", ["type", "image_url"],
        ("type", Schema.Constant("input_image")),
        ("image_url", Schema.Text("A data URI of a PNG, JPEG, WebP, GIF or BMP image. Nothing is fetched.")
            .Like("data:image/png;base64,AAAA")),
        ("detail", Schema.Any("Has no effect.")));

    private static JsonObject Refusal() => Schema.Object("Why the assistant would not answer.", ["type"],
        ("type", Schema.Constant("refusal")),
        ("refusal", Schema.Text("The text.")));

    private static JsonObject Function() => Schema.Object("A function that the model may call.", ["type", "name"],
        ("type", Schema.Text("`function`. What has a name and another type, as `custom`, is taken for one.")
            .Like("function")),
        ("name", Schema.Text("Its name.").Like("f")),
        ("description", Schema.Text("What it does.")),
        ("parameters", Schema.Group("Its parameters, in JSON Schema.", [],
            ("type", Schema.Text("`object`.")),
            ("$defs", Schema.Any("Shown to the model.")),
            ("required", Schema.List("Those that must be there.", Item("string"))),
            ("properties", Schema.Map("The parameters.", Schema.Reference("OllamaToolProperty"))))),
        ("strict", Schema.Any("Has no effect: where a call is forced, its arguments always fit.")));

    private static JsonObject NameSpace() => Schema.Object(
        "Functions whose names begin with this one and a dot.", ["type", "name", "tools"],
        ("type", Schema.Constant("namespace")),
        ("name", Schema.Text("Its name.").Like("g")),
        ("description", Schema.Any("Has no effect.")),
        ("tools", Schema.List("The functions.", Schema.Reference(FunctionName))));

    private static JsonObject ToolChoice() => Schema.Either(
        "Whether the model may or must call, and what.",
        new JsonObject { ["type"] = "string", ["enum"] = new JsonArray("auto", "none", "required") },
        NamedFunction(),
        Schema.Object("The functions that count.", ["type", "mode", "tools"],
            ("type", Schema.Constant("allowed_tools")),
            ("mode", Schema.Choice("Whether one must be called.", "auto", "required")),
            ("tools", Schema.List("Their names.", NamedFunction()))));

    private static JsonObject NamedFunction() => Schema.Object("One function.", ["type", "name"],
        ("type", Schema.Constant("function")),
        ("name", Schema.Text("Its name.")));

    private static JsonObject TextFormat() => Schema.Group("Its form.", [],
        ("type", Schema.Choice("Its kind.", "text", "json_object", "json_schema", "")),
        ("name", Schema.Any("Has no effect.")),
        ("description", Schema.Any("Has no effect.")),
        ("strict", Schema.Any("Has no effect: the schema always holds.")),
        ("schema", Schema.Any("The schema, an object where `type` is `json_schema`.")));
}
