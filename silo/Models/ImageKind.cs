namespace Ollama.Platform.Silo.Models;

/// <summary>Tells by the first bytes what an image is: what a client says of it does not count.</summary>
internal static class ImageKind
{
    /// <summary>The media type; null for what is no image that models are shown.</summary>
    public static string? Find(ReadOnlySpan<byte> image) =>
        image.StartsWith((ReadOnlySpan<byte>)[0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) ? "image/png"
        : image.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]) ? "image/jpeg"
        : image.StartsWith("RIFF"u8) && image.Length >= 12 && image[8..12].SequenceEqual("WEBP"u8) ? "image/webp"
        : image.StartsWith("GIF87a"u8) || image.StartsWith("GIF89a"u8) ? "image/gif"
        : image.StartsWith("BM"u8) && image.Length >= 26 ? "image/bmp"
        : null;
}
