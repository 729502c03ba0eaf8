using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace Ollama.Platform.Api.GoJson;

/// <summary>Standard padded base64 as Go reads it: line breaks are skipped, nothing else is forgiven.</summary>
internal static class GoBase64
{
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

    /// <summary>Decodes a JSON string.</summary>
    /// <returns>Null, or Go's error text with the offset of the first wrong byte.</returns>
    public static string? Decode(JsonElement text, out byte[] decoded)
    {
        // Images are megabytes: the common case is decoded straight from the body. It forgives blanks, so they go
        // the slow way, and so does everything that has to be explained.
        var raw = JsonMarshal.GetRawUtf8Value(text);
        if (!raw.ContainsAny((byte)' ', (byte)'\\') && text.TryGetBytesFromBase64(out decoded!))
        {
            return null;
        }

        var offset = DecodeSlowly(Encoding.UTF8.GetBytes(text.GetString()!), out decoded);
        return offset < 0 ? null : $"illegal base64 data at input byte {offset}";
    }

    // Returns the offset that Go reports, or -1.
    private static int DecodeSlowly(ReadOnlySpan<byte> text, out byte[] decoded)
    {
        decoded = new byte[(text.Length / 4 * 3) + 3];
        var (position, written, bits, digits) = (0, 0, 0, 0);
        for (; position < text.Length; position++)
        {
            var octet = text[position];
            if (octet is (byte)'\r' or (byte)'\n')
            {
                continue;
            }

            var value = octet == '=' ? -1 : Alphabet.IndexOf((char)octet, StringComparison.Ordinal);
            if (octet == '=' && digits >= 2)
            {
                break;
            }

            if (value < 0)
            {
                return position;
            }

            bits = (bits << 6) | value;
            if (++digits == 4)
            {
                decoded[written++] = (byte)(bits >> 16);
                decoded[written++] = (byte)(bits >> 8);
                decoded[written++] = (byte)bits;
                (bits, digits) = (0, 0);
            }
        }

        var offset = position < text.Length
            ? CheckPadding(text, position, digits)
            : digits == 0 ? -1 : position - digits;
        if (offset < 0 && digits > 0)
        {
            bits <<= 6 * (4 - digits);
            decoded[written++] = (byte)(bits >> 16);
            if (digits == 3)
            {
                decoded[written++] = (byte)(bits >> 8);
            }
        }

        Array.Resize(ref decoded, written);
        return offset;
    }

    private static int CheckPadding(ReadOnlySpan<byte> text, int position, int digits)
    {
        position++;
        if (digits == 2)
        {
            position = SkipBreaks(text, position);
            if (position == text.Length)
            {
                return text.Length;
            }

            if (text[position++] != '=')
            {
                return position - 2;
            }
        }

        position = SkipBreaks(text, position);
        return position < text.Length ? position : -1;
    }

    private static int SkipBreaks(ReadOnlySpan<byte> text, int position)
    {
        while (position < text.Length && text[position] is (byte)'\r' or (byte)'\n')
        {
            position++;
        }

        return position;
    }
}
