using System.Buffers;
using System.Text.Json;
using Ollama.Platform.Api.GoJson;

namespace Ollama.Platform.Api.Responses.Requests;

/// <summary>
/// Brings <c>input</c> into the one form in which it is kept: items that have a type, an id and, in messages, parts.
/// </summary>
internal static class InputItems
{
    /// <summary>The type of an item that stands for another one.</summary>
    public const string Reference = "item_reference";

    private const string Message = "message";

    // An item lies one level less deep than in the body, and a text of its own may become two levels.
    private static readonly JsonDocumentOptions Depth = new() { MaxDepth = GoJsonScanner.DepthMax + 2 };

    /// <summary>The items. Their contents are not checked yet.</summary>
    /// <exception cref="Contracts.Errors.ModelException">It is neither a text nor a list of objects.</exception>
    public static IReadOnlyList<JsonElement> Read(JsonElement input) => input.ValueKind switch
    {
        JsonValueKind.Undefined or JsonValueKind.Null => [],
        JsonValueKind.String when input.ValueEquals("") => [],
        JsonValueKind.String => [Rewrite(writer =>
        {
            writer.WriteString("id", ResponseIds.Item(Message));
            writer.WriteString("type", Message);
            writer.WriteString("role", "user");
            WriteParts(writer, "input_text", input);
        })],
        JsonValueKind.Array => [.. input.EnumerateArray().Select(ReadItem)],
        _ => throw GoJsonErrors.Refuse($"input must be a string or array: {GoText.TypeOf(input)}"),
    };

    /// <summary>The text of an item's field; null when it has none.</summary>
    public static string? TextOf(JsonElement item, string name) =>
        item.ValueKind == JsonValueKind.Object && item.TryGetProperty(name, out var value)
        && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;

    /// <summary>The text of an item's field; null when it has none, or null.</summary>
    /// <param name="item">The item, which is an object.</param>
    /// <param name="name">The field.</param>
    /// <param name="place">Where the item stands.</param>
    /// <exception cref="Contracts.Errors.ModelException">The field is no text.</exception>
    public static string? TextOf(JsonElement item, string name, string place) =>
        !item.TryGetProperty(name, out var value) || value.ValueKind is JsonValueKind.String or JsonValueKind.Null
            ? TextOf(item, name)
            : throw GoJsonErrors.Refuse($"{place}: {name} must be a string: {GoText.TypeOf(value)}");

    private static JsonElement ReadItem(JsonElement item, int index)
    {
        if (item.ValueKind != JsonValueKind.Object)
        {
            throw GoJsonErrors.Refuse($"input[{index}]: an input item must be an object: {GoText.TypeOf(item)}");
        }

        var place = $"input[{index}]";
        _ = TextOf(item, "id", place);
        var type = TextOf(item, "type", place) ?? (item.TryGetProperty("role", out _) ? Message : null);
        if (string.IsNullOrEmpty(type))
        {
            throw GoJsonErrors.Refuse($"{place}: input item missing required 'type' field");
        }

        return Rewrite(writer => WriteItem(writer, item, type));
    }

    private static void WriteItem(Utf8JsonWriter writer, JsonElement item, string type)
    {
        // A reference keeps the id of what it refers to.
        writer.WriteString("id", TextOf(item, "id") is { Length: > 0 } id ? id : ResponseIds.Item(type));
        writer.WriteString("type", type);
        foreach (var field in item.EnumerateObject().GroupBy(field => field.Name).Select(same => same.Last()))
        {
            if (field.Name is "id" or "type")
            {
                continue;
            }

            if (type == Message && field.Name == "content" && field.Value.ValueKind == JsonValueKind.String)
            {
                WriteParts(writer, TextOf(item, "role") == "assistant" ? "output_text" : "input_text", field.Value);
            }
            else
            {
                field.WriteTo(writer);
            }
        }
    }

    private static void WriteParts(Utf8JsonWriter writer, string type, JsonElement text)
    {
        writer.WriteStartArray("content");
        writer.WriteStartObject();
        writer.WriteString("type", type);
        writer.WritePropertyName("text");
        text.WriteTo(writer);
        writer.WriteEndObject();
        writer.WriteEndArray();
    }

    // A document of its own for each: what is kept of a request must not keep all of it.
    private static JsonElement Rewrite(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { SkipValidation = true }))
        {
            writer.WriteStartObject();
            write(writer);
            writer.WriteEndObject();
        }

        return JsonDocument.Parse(buffer.WrittenMemory.ToArray(), Depth).RootElement;
    }
}
