using System.Text.Json;
using Ollama.Platform.Api.GoJson;
using Ollama.Platform.Api.OpenAi.Requests;

namespace Ollama.Platform.Api.Responses.Requests;

/// <summary>Reads what a message or a tool's result consists of: a text, or parts.</summary>
internal static class PartsReader
{
    // Between the texts of one message: the blank line that Ollama's templates put between messages of one role.
    private const string PartSeparator = "\n\n";

    /// <summary>All texts together, and the images.</summary>
    /// <param name="item">The item.</param>
    /// <param name="name">The field that holds the text or the parts.</param>
    /// <param name="place">Where the item stands, for refusals.</param>
    /// <exception cref="Contracts.Errors.ModelException">A part cannot be read.</exception>
    public static (string Text, IReadOnlyList<ReadOnlyMemory<byte>> Images) Read(
        JsonElement item, string name, string place)
    {
        item.TryGetProperty(name, out var content);
        switch (content.ValueKind)
        {
            case JsonValueKind.String:
                return (content.GetString()!, []);
            case JsonValueKind.Array:
                break;
            case JsonValueKind.Undefined or JsonValueKind.Null when name == "content":
                return ("", []);
            default:
                throw GoJsonErrors.Refuse($"{place}: {name} must be a string or array: {GoText.TypeOf(content)}");
        }

        var texts = new List<string>();
        var images = new List<ReadOnlyMemory<byte>>();
        foreach (var part in content.EnumerateArray())
        {
            ReadPart(part, place, texts, images);
        }

        return (string.Join(PartSeparator, texts), images);
    }

    private static void ReadPart(
        JsonElement part, string place, List<string> texts, List<ReadOnlyMemory<byte>> images)
    {
        switch (InputItems.TextOf(part, "type"))
        {
            case "input_text" or "output_text" or "text" or "summary_text" or "reasoning_text":
                texts.Add(InputItems.TextOf(part, "text") ?? throw GoJsonErrors.Refuse($"{place}: text is required"));
                break;
            case "refusal":
                texts.Add(InputItems.TextOf(part, "refusal", place) ?? "");
                break;
            case "input_image" when InputItems.TextOf(part, "image_url") is { } url:
                images.Add(ImageUrlReader.Read(url));
                break;
            case "input_image":
                // Uploaded files are no images here, and a model that does not see one must not be asked about it.
                throw GoJsonErrors.Refuse($"{place}: input_image needs an image_url with a data URI");
            case "input_file":
                throw GoJsonErrors.Refuse("file inputs are not currently supported");
            case "input_audio":
                throw GoJsonErrors.Refuse("audio input is not supported");
            case var type:
                throw GoJsonErrors.Refuse($"unknown content type: {type}");
        }
    }
}
