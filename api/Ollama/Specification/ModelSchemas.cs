using System.Text.Json.Nodes;
using Ollama.Platform.Api.OpenApi;

namespace Ollama.Platform.Api.Ollama.Specification;

/// <summary>What requests about models of the library may hold.</summary>
internal static class ModelSchemas
{
    private const string OldName = "The older name of `model`.";

    /// <summary>The body of <c>/api/create</c>.</summary>
    public static JsonObject Create() => Schema.Object("A model to make.", ["model"], [
        ("model", OllamaSchemas.Model("The name of the new model.").Like("my-chat")),
        ("name", Schema.Text(OldName)),
        ("from", OllamaSchemas.Model("The model to begin with.")),
        ("files", Files("Files uploaded before, by path: their digests.")),
        ("adapters", Files("LoRA adapters uploaded before, by path: their digests.")),
        ("draft_files", Files("Files of a draft model, by path: their digests.")),
        ("template", Schema.Text("The template.")),
        ("system", Schema.Text("The system text.")),
        ("license", Schema.Either(
            "One licence text or several.",
            OllamaSchemas.Item("string"),
            new JsonObject { ["type"] = "array", ["items"] = OllamaSchemas.Item("string").Leniently() }).Leniently()),
        ("parameters", Schema.Map("Options that the model has unless a request says otherwise.")),
        ("messages", Schema.List(
            "Messages in front of every conversation.", Schema.Reference("OllamaInputMessage"))),
        ("renderer", Schema.Text("Name of a built-in renderer.")),
        ("parser", Schema.Text("Name of a built-in parser.")),
        ("requires", Schema.Text("Least version of the server.").Like("0.1.0")),
        ("quantize", Schema.Text("The type to quantize to, e.g. `q4_K_M`.")),
        ("quantization", Schema.Text("The older name of `quantize`.")),
        ("draft_quantize", Schema.Text("The type to quantize the draft model to.")),
        ("remote_host", Schema.Text("Not supported: refused unless empty.").Like("")),
        ("modelfile", Schema.Text("A Modelfile in place of the other fields.").Like("FROM tiny-chat")),
        ("info", Schema.Group("What is claimed of the model.", [],
            ("capabilities", Claimed(Schema.List("What it can do.", OllamaSchemas.Item("string")))),
            ("model_family", Claimed(Schema.Text("Its family."))),
            ("base_name", Claimed(Schema.Text("The model that it was made of."))),
            ("quantization_level", Claimed(Schema.Text("The type of its weights."))),
            ("parameter_size", Claimed(Schema.Text("How many parameters it has."))),
            ("context_length", Claimed(Schema.Whole("Its context length.", 0))),
            ("embedding_length", Claimed(Schema.Whole("The length of its embeddings.", 0))))),
        ("stream", Stream()),
    ]).Like(new JsonObject { ["model"] = "my-chat", ["from"] = "tiny-chat" });

    /// <summary>The body of <c>/api/show</c>.</summary>
    public static JsonObject Show() => Schema.Object("A model to show.", ["model"],
        ("model", OllamaSchemas.Model()),
        ("name", Schema.Text(OldName)),
        ("verbose", Schema.Flag("Shows long lists of the metadata, too.")),
        ("system", Schema.Text("Shown in place of the model's system text, also in the Modelfile.")),
        ("template", Schema.Text("Has no effect.")),
        ("options", Schema.Map("Parameters that the Modelfile has besides the model's, or in their place.")));

    /// <summary>The body of <c>/api/copy</c>.</summary>
    public static JsonObject Copy() => Schema.Object("A second name for a model.", ["source", "destination"],
        ("source", OllamaSchemas.Model("The model.")),
        ("destination", Schema.Text("The new name.").Like("my-copy")));

    /// <summary>The body of <c>/api/delete</c>.</summary>
    public static JsonObject Delete() => Schema.Object("A model to remove.", ["model"],
        ("model", OllamaSchemas.Model().Like("my-copy")),
        ("name", Schema.Text(OldName)));

    /// <summary>The body of <c>/api/pull</c> and <c>/api/push</c>.</summary>
    public static JsonObject Transfer(string about) => Schema.Object(about, ["model"],
        ("model", OllamaSchemas.Model()),
        ("name", Schema.Text(OldName)),
        ("insecure", Schema.Flag("The registry may be asked without TLS, where the server allows it.")),
        ("stream", Stream()),
        ("username", Schema.Text("Has no effect.")),
        ("password", Schema.Text("Has no effect.")));

    private static JsonObject Stream() => Schema.Flag("A line for each step (the default), or the last one alone.");

    private static JsonObject Files(string about) => Schema.Map(about, OllamaSchemas.Item("string").Like(
        "sha256:185f8db32271fe25f561a6fc938b2e264306ec304eda518007d1764826381969"));

    // What is claimed must be there; null is none of these.
    private static JsonObject Claimed(JsonObject schema) => Schema.Present(schema);
}
