using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Ollama.Platform.Host.Cli.Client;

/// <summary>Reads fields of an answer that may be missing, since the server may be of any version.</summary>
internal static class Reply
{
    private static readonly JsonSerializerOptions Readable = new()
    {
        WriteIndented = true,
        // A terminal is no web page: quotes and angle brackets can stay as they are.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>A text; empty when there is none.</summary>
    public static string Text(JsonObject item, string name) => item[name]?.ToString() ?? "";

    /// <summary>A whole number; zero when there is none.</summary>
    public static long Number(JsonObject item, string name) =>
        item[name] is JsonValue value && value.TryGetValue(out long number) ? number : 0;

    /// <summary>An object; empty when there is none.</summary>
    public static JsonObject Object(JsonObject item, string name) => item[name] as JsonObject ?? [];

    /// <summary>The objects of an array; empty when there is none.</summary>
    public static IEnumerable<JsonObject> Items(JsonObject item, string name) =>
        item[name] is JsonArray array ? array.OfType<JsonObject>() : [];

    /// <summary>The texts of an array; empty when there is none.</summary>
    public static IReadOnlyList<string> Texts(JsonObject item, string name) =>
        item[name] is JsonArray array ? [.. array.Select(text => text?.ToString() ?? "")] : [];

    /// <summary>Writes an object for other programs to read.</summary>
    public static Task WriteAsync(TextWriter writer, JsonNode item) =>
        writer.WriteLineAsync(item.ToJsonString(Readable));

    /// <summary>Writes objects as an array.</summary>
    public static Task WriteArrayAsync(TextWriter writer, IEnumerable<JsonObject> items) =>
        WriteAsync(writer, new JsonArray([.. items.Select(item => item.DeepClone())]));
}
