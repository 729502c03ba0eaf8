using Ollama.Platform.Api.GoJson;

namespace Ollama.Platform.Api.OpenAi.Requests;

/// <summary>Reads an image that a message carries as a data URI. Nothing is fetched from anywhere.</summary>
internal static class ImageUrlReader
{
    // Without a type it is what the native route takes: mere base64.
    private static readonly string[] Prefixes =
    [
        "data:image/jpeg;base64,", "data:image/jpg;base64,", "data:image/png;base64,", "data:image/webp;base64,",
        "data:;base64,",
    ];

    /// <summary>The bytes of the image.</summary>
    /// <exception cref="Contracts.Errors.ModelException">The address is none of those, or no base64.</exception>
    public static ReadOnlyMemory<byte> Read(string? url)
    {
        if (url is null)
        {
            throw GoJsonErrors.Refuse("invalid message format");
        }

        if (url.StartsWith("http://", StringComparison.Ordinal) || url.StartsWith("https://", StringComparison.Ordinal))
        {
            throw GoJsonErrors.Refuse(
                "image URLs are not currently supported, please use base64 encoded data instead");
        }

        var prefix = Array.Find(Prefixes, prefix => url.StartsWith(prefix, StringComparison.Ordinal));
        if (prefix is null)
        {
            throw GoJsonErrors.Refuse("invalid image input");
        }

        var encoded = url.AsSpan(prefix.Length);
        var image = new byte[encoded.Length / 4 * 3];
        return Convert.TryFromBase64Chars(encoded, image, out var length)
            ? image.AsMemory(0, length)
            : throw GoJsonErrors.Refuse("invalid image input");
    }
}
