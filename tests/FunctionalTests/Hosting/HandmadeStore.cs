using System.Text;
using System.Text.Json.Nodes;

namespace Ollama.Platform.FunctionalTests.Hosting;

/// <summary>
/// Writes an Ollama directory with plain file calls, as Ollama itself would leave it: nothing of the product is used.
/// </summary>
internal sealed class HandmadeStore(string root)
{
    public static string ChatWeights { get; } = Path.Combine(AppContext.BaseDirectory, "models", "tiny-chat.gguf");

    /// <summary>Stores bytes as a blob and returns its layer.</summary>
    public JsonObject Layer(string kind, byte[] content)
    {
        var hex = ContentDigest.HexOf(content);
        Directory.CreateDirectory(Path.Combine(root, "blobs"));
        File.WriteAllBytes(Path.Combine(root, "blobs", $"sha256-{hex}"), content);
        return Reference(kind, hex, content.Length);
    }

    public JsonObject Layer(string kind, string content) => Layer(kind, Encoding.UTF8.GetBytes(content));

    /// <summary>A layer whose blob nobody stored.</summary>
    public static JsonObject MissingLayer(string kind) => Reference(kind, new string('7', 64), 1234);

    /// <summary>Writes the manifest of a model with these layers and a config as Ollama writes it.</summary>
    public string Model(string name, params JsonObject[] layers) => ManifestText(name, new JsonObject
    {
        ["schemaVersion"] = 2,
        ["mediaType"] = "application/vnd.docker.distribution.manifest.v2+json",
        ["config"] = Config("""
            {"model_format":"gguf","model_family":"llama","model_families":["llama"],"model_type":"2.8M",
             "file_type":"F16","architecture":"amd64","os":"linux","rootfs":{"type":"layers","diff_ids":[]}}
            """),
        ["layers"] = new JsonArray([.. layers]),
    }.ToJsonString());

    /// <summary>Writes a model whose config names a renderer and a parser.</summary>
    public string NamedModel(string name, string renderer, string parser, params JsonObject[] layers) => ManifestText(
        name,
        new JsonObject
        {
            ["schemaVersion"] = 2,
            ["mediaType"] = "application/vnd.docker.distribution.manifest.v2+json",
            ["config"] = Config($$"""
                {"model_format":"gguf","model_family":"llama","renderer":"{{renderer}}","parser":"{{parser}}"}
                """),
            ["layers"] = new JsonArray([.. layers]),
        }.ToJsonString());

    /// <summary>Writes any text in the place of a manifest; returns that text.</summary>
    public string ManifestText(string name, string text)
    {
        var folder = Path.Combine(root, "manifests", "registry.ollama.ai", "library", name);
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "latest"), text);
        return text;
    }

    /// <summary>The shipped chat model's bytes as a layer.</summary>
    public JsonObject ChatModelLayer() => Layer("model", File.ReadAllBytes(ChatWeights));

    private JsonObject Config(string json)
    {
        var layer = Layer("config", json);
        layer["mediaType"] = "application/vnd.docker.container.image.v1+json";
        return layer;
    }

    private static JsonObject Reference(string kind, string hex, int length) => new()
    {
        ["mediaType"] = $"application/vnd.ollama.image.{kind}",
        ["digest"] = $"sha256:{hex}",
        ["size"] = length,
    };
}
