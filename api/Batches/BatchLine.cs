using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Unicode;
using Ollama.Platform.Api.Batches.Wire;
using Ollama.Platform.Api.GoJson;

namespace Ollama.Platform.Api.Batches;

/// <summary>One request of a batch.</summary>
/// <param name="CustomId">What the client calls it.</param>
/// <param name="Body">The body of the request.</param>
internal sealed record BatchLine(string CustomId, byte[] Body)
{
    private const int IdLengthMax = 512;

    // A body lies one level deeper here than on its route.
    private static readonly JsonDocumentOptions Depth = new() { MaxDepth = GoJsonScanner.DepthMax + 1 };

    /// <summary>Reads a line. What is wrong with its body is its route's to say.</summary>
    /// <param name="text">The line; empty when it was too long.</param>
    /// <param name="number">Which one, from 1.</param>
    /// <param name="endpoint">The route that it must name.</param>
    /// <param name="error">What is wrong; null when the line is returned.</param>
    public static BatchLine? Parse(byte[] text, int number, string endpoint, out LineError? error)
    {
        error = null;
        if (text.Length == 0)
        {
            error = new LineError("line_too_long", number, "This line is too long.", null);
            return null;
        }

        if (ParseObject(text) is not { } line)
        {
            error = new LineError("invalid_json_line", number, "This line is not parseable as valid JSON.", null);
            return null;
        }

        var id = TextOf(line, "custom_id");
        line.TryGetProperty("body", out var body);
        error =
            string.IsNullOrEmpty(id) ? Missing("custom_id", number)
            : id.Length > IdLengthMax ? Invalid("custom_id", number, $"may have {IdLengthMax} characters")
            : TextOf(line, "method") != "POST" ? Invalid("method", number, "must be POST")
            : TextOf(line, "url") != endpoint ? Invalid("url", number, $"must be {endpoint}, as the batch has it")
            : body.ValueKind != JsonValueKind.Object ? Missing("body", number)
            : IsTrue(body, "stream") ? Invalid("body.stream", number, "must not be true in a batch")
            : IsTrue(body, "background") ? Invalid("body.background", number, "must not be true in a batch")
            : null;
        return error is null ? new BatchLine(id!, JsonMarshal.GetRawUtf8Value(body).ToArray()) : null;
    }

    private static JsonElement? ParseObject(byte[] text)
    {
        // Go's rules hold for bodies; a line is JSON in the strict sense.
        if (!Utf8.IsValid(text))
        {
            return null;
        }

        try
        {
            var line = JsonDocument.Parse(text, Depth).RootElement;
            return line.ValueKind == JsonValueKind.Object ? line : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string? TextOf(JsonElement line, string name)
    {
        try
        {
            return line.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
                ? value.GetString()
                : null;
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair, written as an escape.
            return null;
        }
    }

    // As the routes read names: in capitals or not.
    private static bool IsTrue(JsonElement body, string name)
    {
        try
        {
            return body.EnumerateObject().Any(field =>
                field.Value.ValueKind == JsonValueKind.True
                && field.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair in a name; the route refuses the line or ignores the field.
            return false;
        }
    }

    private static LineError Missing(string name, int number) =>
        new("missing_required_parameter", number, $"Missing required parameter: '{name}'.", name);

    private static LineError Invalid(string name, int number, string what) =>
        new("invalid_value", number, $"Invalid value for '{name}': it {what}.", name);
}
