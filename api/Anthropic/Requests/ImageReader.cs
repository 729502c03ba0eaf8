using System.Text.Json;
using Ollama.Platform.Api.GoJson;

namespace Ollama.Platform.Api.Anthropic.Requests;

/// <summary>Reads the <c>source</c> of an image: base64 only, since nothing is fetched for a client.</summary>
internal static class ImageReader
{
    /// <summary>The image's bytes.</summary>
    /// <exception cref="Contracts.Errors.ModelException">They cannot be read.</exception>
    public static ReadOnlyMemory<byte> Read(GoField field, JsonElement source)
    {
        if (source.ValueKind != JsonValueKind.Object)
        {
            throw GoJsonErrors.Refuse("invalid image source");
        }

        var fields = GoObject.Separate(field, source, "ImageSource");
        var (type, data) = ("", default(JsonElement));
        foreach (var part in fields.Fields)
        {
            switch (part.Name)
            {
                case "type":
                    type = part.AsString() ?? type;
                    break;
                case "data" when part.AsString() is not null:
                    data = part.Value;
                    break;
                default:
                    break;
            }
        }

        fields.Errors.ThrowIfAny();
        if (type != "base64")
        {
            throw GoJsonErrors.Refuse($"invalid image source type: {type}. Only base64 images are supported.");
        }

        byte[] image = [];
        var error = data.ValueKind == JsonValueKind.Undefined ? "no data" : GoBase64.Decode(data, out image);
        return error is null ? image : throw GoJsonErrors.Refuse($"invalid base64 image data: {error}");
    }
}
