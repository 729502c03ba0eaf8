using System.Text.Json;

namespace Ollama.Platform.Api.Olla;

/// <summary>
/// What Olla's clients write in bodies of Ollama's dialect and Ollama does not read there: <c>name</c> for
/// <c>model</c>, and <c>max_tokens</c> among the options for <c>num_predict</c>.
/// </summary>
internal static class OllaBody
{
    /// <summary>The body as Ollama's routes read it; the same one when there is nothing to change.</summary>
    public static JsonElement ToNative(JsonElement body)
    {
        if (body.ValueKind != JsonValueKind.Object)
        {
            return body;
        }

        // Spliced as text: what a client wrote stays as it wrote it, mistakes included.
        var added = "";
        if (!IsText(body, "model") && IsText(body, "name"))
        {
            added += $",\"model\":{body.GetProperty("name").GetRawText()}";
        }

        if (body.TryGetProperty("options", out var options) && options.ValueKind == JsonValueKind.Object
            && options.TryGetProperty("max_tokens", out var limit) && limit.ValueKind == JsonValueKind.Number
            && !options.TryGetProperty("num_predict", out _))
        {
            // Of two fields with one name the later counts.
            added += $",\"options\":{options.GetRawText()[..^1]},\"num_predict\":{limit.GetRawText()}}}";
        }

        return added.Length == 0
            ? body
            : JsonDocument.Parse(
                $"{body.GetRawText()[..^1]}{added}}}",
                new JsonDocumentOptions { MaxDepth = GoJson.GoJsonScanner.DepthMax }).RootElement;
    }

    // Two quotes and something between them.
    private static bool IsText(JsonElement body, string name) =>
        body.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
        && value.GetRawText().Length > 2;
}
