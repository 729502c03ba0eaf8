using System.Globalization;
using System.Text.Json;

namespace Ollama.Platform.Api.GoJson;

/// <summary>
/// Writes floating-point numbers as Go does: the shortest digits that read back the same, without an exponent from
/// 1e-6 up to 1e21.
/// </summary>
internal static class GoNumber
{
    // Sign, 17 digits, point, exponent, or up to 21 digits in front of the point.
    private const int LengthMax = 40;

    /// <summary>Writes one number.</summary>
    public static void Write<T>(Utf8JsonWriter writer, T value)
        where T : struct, IUtf8SpanFormattable
    {
        Span<byte> text = stackalloc byte[LengthMax];
        value.TryFormat(text, out var length, default, CultureInfo.InvariantCulture);
        var exponentAt = text[..length].IndexOf((byte)'E');
        if (exponentAt >= 0)
        {
            Span<byte> spelled = stackalloc byte[LengthMax];
            length = Respell(text[..exponentAt], ParseExponent(text[(exponentAt + 1)..length]), spelled);
            spelled[..length].CopyTo(text);
        }

        writer.WriteRawValue(text[..length], skipInputValidation: true);
    }

    private static int ParseExponent(ReadOnlySpan<byte> text) =>
        int.Parse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);

    private static int Respell(ReadOnlySpan<byte> mantissa, int exponent, Span<byte> spelled)
    {
        var length = 0;
        if (mantissa[0] == '-')
        {
            spelled[length++] = (byte)'-';
            mantissa = mantissa[1..];
        }

        if (exponent is < -6 or >= 21)
        {
            mantissa.CopyTo(spelled[length..]);
            length += mantissa.Length;
            spelled[length++] = (byte)'e';
            spelled[length++] = (byte)(exponent < 0 ? '-' : '+');
            Math.Abs(exponent).TryFormat(spelled[length..], out var digits, default, CultureInfo.InvariantCulture);
            return length + digits;
        }

        // One digit stands in front of the mantissa's point, if it has one.
        Span<byte> all = stackalloc byte[mantissa.Length];
        all[0] = mantissa[0];
        var count = 1;
        if (mantissa.Length > 2)
        {
            mantissa[2..].CopyTo(all[1..]);
            count = mantissa.Length - 1;
        }

        return length + Place(all[..count], exponent, spelled[length..]);
    }

    private static int Place(ReadOnlySpan<byte> digits, int exponent, Span<byte> spelled)
    {
        var length = 0;
        if (exponent < 0)
        {
            "0."u8.CopyTo(spelled);
            spelled[2..(1 - exponent)].Fill((byte)'0');
            length = 1 - exponent;
            digits.CopyTo(spelled[length..]);
            return length + digits.Length;
        }

        for (; length <= exponent || length < digits.Length; length++)
        {
            spelled[length] = length < digits.Length ? digits[length] : (byte)'0';
        }

        if (digits.Length > exponent + 1)
        {
            spelled[(exponent + 1)..length].CopyTo(spelled[(exponent + 2)..]);
            spelled[exponent + 1] = (byte)'.';
            length++;
        }

        return length;
    }
}
