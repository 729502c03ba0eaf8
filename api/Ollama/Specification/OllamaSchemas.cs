using System.Text.Json.Nodes;
using Ollama.Platform.Api.Ollama.Requests;
using Ollama.Platform.Api.OpenApi;
using Ollama.Platform.Contracts.Models;

namespace Ollama.Platform.Api.Ollama.Specification;

/// <summary>What the requests of Ollama's dialect may hold.</summary>
internal static class OllamaSchemas
{
    private const string ModelText = "The model, e.g. `tiny-chat` or `namespace/model:tag`.";

    /// <summary>All of them, by name.</summary>
    public static IReadOnlyDictionary<string, JsonObject> All { get; } = new Dictionary<string, JsonObject>
    {
        ["OllamaChatRequest"] = Schema.Object("A conversation to go on with.", ["model"], [
            .. Settings(),
            ("messages", Schema.List("The conversation. Without messages the model is only loaded, or unloaded with "
                + "`keep_alive` 0.", Schema.Reference("OllamaInputMessage"))),
            ("tools", Schema.List("What the model may call.", Schema.Reference("OllamaTool"))),
        ]).Like(JsonNode.Parse("""{"model":"tiny-chat","messages":[{"role":"user","content":"Hello"}]}""")!),
        ["OllamaGenerateRequest"] = Schema.Object("A prompt to complete.", ["model"], [
            .. Settings(),
            ("prompt", Schema.Text("The prompt. Without one the model is only loaded, or unloaded with "
                + "`keep_alive` 0.")),
            ("suffix", Schema.Text("Text behind the gap that is to be filled.")),
            ("system", Schema.Text("Takes the place of the model's system text.")),
            ("template", Schema.Text("Takes the place of the model's template.")),
            ("raw", Schema.Flag("The prompt goes to the model as it is.")),
            ("context", Schema.List("Tokens of an earlier answer.", Item("integer"))),
            ("images", Images()),
        ]).Like(JsonNode.Parse("""{"model":"tiny-chat","prompt":"Hello"}""")!),
        ["OllamaEmbedRequest"] = Schema.Object("Texts to embed.", ["model"], [
            .. Load(),
            ("input", Schema.Either("One text or several.", Item("string"), ListOf("string"))),
            ("truncate", Schema.Flag("Cuts what is too long (the default) instead of refusing it.")),
            ("dimensions", Schema.Whole("Components to keep; 0 keeps all.")),
        ]),
        ["OllamaEmbeddingsRequest"] = Schema.Object("A text to embed.", ["model"], [
            .. Load(),
            ("prompt", Schema.Text("The text.")),
        ]),
        ["OllamaTokenizeRequest"] = Schema.Object("A text to split into tokens.", ["model", "content"], [
            .. Load(),
            ("content", Schema.Text("The text.")),
            ("text", Schema.Text("Another name of `content`.")),
            ("prompt", Schema.Text("Another name of `content`.")),
            ("add_special", Schema.Flag("Adds the tokens that the model wants around a prompt.")),
            ("add_special_tokens", Schema.Flag("Another name of `add_special`.")),
            ("parse_special", Schema.Flag("Reads the text of special tokens as these tokens (the default).")),
            ("media_type", Schema.Choice("What `content` is.", "text", "")),
        ]),
        ["OllamaDetokenizeRequest"] = Schema.Object("Tokens to join to a text.", ["model", "tokens"], [
            .. Load(),
            ("tokens", Schema.List("The tokens.", Item("integer"))),
            ("media_type", Schema.Choice("What is wanted.", "text", "")),
        ]),
        ["OllamaRerankRequest"] = Schema.Object("Texts to put in order.", ["model", "query", "documents"], [
            .. Load(),
            ("query", TextOrObject("What is sought.")),
            ("documents", Documents()),
            ("top_n", Schema.Whole("Results to return; all by default.", 1)),
            ("return_documents", Schema.Flag("Returns the documents along with their scores.")),
            ("truncate", Schema.Flag("Cuts documents that are too long (the default).")),
            ("raw_scores", Schema.Flag("Returns the model's numbers as they are.")),
        ]),
        ["OllamaCancelRequest"] = Schema.Object("A request to end.", ["id"],
            ("id", Schema.Text("Its `X-Request-ID`.").Like("my-request"))),
        ["OllamaInputMessage"] = InputMessage(),
        ["OllamaInputToolCall"] = InputToolCall(),
        ["OllamaTool"] = Tool(),
        ["OllamaToolProperty"] = ToolProperty(),
        ["OllamaOptions"] = OptionSchemas.Options(),
        ["OllamaCreateRequest"] = ModelSchemas.Create(),
        ["OllamaShowRequest"] = ModelSchemas.Show(),
        ["OllamaCopyRequest"] = ModelSchemas.Copy(),
        ["OllamaDeleteRequest"] = ModelSchemas.Delete(),
        ["OllamaPullRequest"] = ModelSchemas.Transfer("A model to bring."),
        ["OllamaPushRequest"] = ModelSchemas.Transfer("A model to send."),
    };

    /// <summary>A model by name.</summary>
    public static JsonObject Model(string about = ModelText) => Schema.Text(about).Like("tiny-chat");

    /// <summary>A bare type.</summary>
    public static JsonObject Item(string type) => new() { ["type"] = type };

    private static JsonObject ListOf(string type) => new() { ["type"] = "array", ["items"] = Item(type) };

    private static JsonObject TextOrObject(string about) => Schema.Either(
        about, Item("string"), Schema.Object("A text.", ["text"], ("text", Schema.Text("The text."))));

    private static JsonObject Documents()
    {
        var documents = Schema.List("What may answer it: texts.", Schema.Present(TextOrObject("A document.")));
        documents["minItems"] = 1;
        return documents;
    }

    private static JsonObject Images() => Schema.List(
        "Images in base64, for models that see.",
        new JsonObject { ["type"] = "string", ["contentEncoding"] = "base64", ["examples"] = new JsonArray("AAAA") });

    private static JsonObject Duration(string about) => Schema.Either(
        about + " A number of seconds or a text such as `5m`.",
        Item("number"),
        new JsonObject { ["type"] = "string", ["examples"] = new JsonArray("5m") });

    private static (string Name, JsonObject Schema)[] Load() =>
    [
        ("model", Model()),
        ("keep_alive", Duration("How long the model stays loaded behind this request; below 0 for ever.")),
        ("options", Schema.Reference("OllamaOptions", "Options of the run and of loading the model.")),
    ];

    private static (string Name, JsonObject Schema)[] Settings() =>
    [
        .. Load(),
        ("stream", Schema.Flag("Lines as they come (the default), or one object at the end.")),
        ("format", Schema.Either(
            "What the answer must be: any JSON, or JSON that fits a schema.",
            new JsonObject { ["type"] = "string", ["enum"] = new JsonArray("json", "") },
            Item("object"))),
        ("think", Schema.Either(
            "Whether and how hard to think, for models that can.",
            Item("boolean"),
            new JsonObject { ["type"] = "string", ["enum"] = new JsonArray("low", "medium", "high", "max") })),
        ("truncate", Schema.Flag("Drops old messages of a prompt that is too long (the default).")),
        ("shift", Schema.Flag("Drops old tokens when the context is full, and goes on.")),
        ("logprobs", Schema.Flag("Adds log-probabilities of the tokens.")),
        ("top_logprobs", Schema.Whole(
            "Alternatives for each token.", 0, GenerationSettings.TopLogProbCountMax)),
        ("priority", Schema.Whole("The higher goes first.", RequestPriority.Min, RequestPriority.Max)),
        ("deadline", Duration("What is not done by then is not wanted any more. Above 0.")),
        ("_debug_render_only", Schema.Flag("Renders the prompt and runs nothing.")),
    ];

    private static JsonObject InputMessage() => Schema.Object("A message of the conversation.", [],
        ("role", Schema.Text("`system`, `user`, `assistant`, `tool`, or what the model's template knows.")
            .Like("user")),
        ("content", Schema.Text("The text.")),
        ("thinking", Schema.Text("What the assistant thought.")),
        ("images", Images()),
        ("tool_calls", Schema.List("What the assistant called.", Schema.Reference("OllamaInputToolCall"))),
        ("tool_name", Schema.Text("Whose result a `tool` message is.")),
        ("tool_call_id", Schema.Text("The call whose result a `tool` message is.")));

    private static JsonObject InputToolCall() => Schema.Object("A call.", [],
        ("id", Schema.Text("Its id.")),
        ("function", Schema.Group("What is called.", [],
            ("index", Schema.Whole("Position among the calls.")),
            ("name", Schema.Text("The function.")),
            ("arguments", Schema.Map("An object, not its text.")))));

    private static JsonObject Tool() => Schema.Object("A function that the model may call.", [],
        ("type", Schema.Text("`function`.").Like("function")),
        ("items", Schema.Any("Shown to the model.")),
        ("function", Schema.Group("The function.", [],
            ("name", Schema.Text("Its name.")),
            ("description", Schema.Text("What it does.")),
            ("parameters", Schema.Group("Its parameters, in JSON Schema.", [],
                ("type", Schema.Text("`object`.")),
                ("$defs", Schema.Any("Shown to the model.")),
                ("items", Schema.Any("Shown to the model.")),
                ("required", Schema.List("Those that must be there.", Item("string"))),
                ("properties", Schema.Map("The parameters.", Schema.Reference("OllamaToolProperty"))))))));

    private static JsonObject ToolProperty() => Schema.Object("One parameter.", [],
        ("type", Schema.Either("A type of JSON Schema, or several.", Item("string"), ListOf("string"))),
        ("description", Schema.Text("What it means.")),
        ("enum", Schema.List("Its values.", new JsonObject())),
        ("items", Schema.Any("Schema of the elements.")),
        ("anyOf", Schema.List("Alternatives.", Schema.Reference("OllamaToolProperty"))),
        ("required", Schema.List("Parts that must be there.", Item("string"))),
        ("properties", Schema.Map("Parts of an object.", Schema.Reference("OllamaToolProperty"))));
}
