using System.Text.Json;

namespace Ollama.Platform.Prompting.Parsing;

/// <summary>Finds texts that cannot be read back.</summary>
internal static class JsonTexts
{
    /// <summary>
    /// Reads every text once: an escaped half of a surrogate pair is valid JSON for the reader but throws as soon as
    /// somebody wants the text, which would be in the middle of writing the response.
    /// </summary>
    /// <exception cref="InvalidOperationException">A text cannot be decoded.</exception>
    public static void RefuseBroken(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.String:
                _ = element.GetString();
                break;
            case JsonValueKind.Array:
                foreach (var item in element.EnumerateArray())
                {
                    RefuseBroken(item);
                }

                break;
            case JsonValueKind.Object:
                foreach (var property in element.EnumerateObject())
                {
                    _ = property.Name;
                    RefuseBroken(property.Value);
                }

                break;
            default:
                break;
        }
    }
}
