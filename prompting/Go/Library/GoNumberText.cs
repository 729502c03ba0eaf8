using System.Globalization;

namespace Ollama.Platform.Prompting.Go.Library;

/// <summary>Numbers with a fraction as Go writes them.</summary>
internal static class GoNumberText
{
    /// <summary>The fewest digits that name the number, with an exponent where it is small or large.</summary>
    /// <param name="value">The number.</param>
    /// <param name="exponentMax">From this exponent on it is written out.</param>
    public static string Shortest(double value, int exponentMax = 6)
    {
        if (!double.IsFinite(value))
        {
            return double.IsNaN(value) ? "NaN" : value > 0 ? "+Inf" : "-Inf";
        }

        var (sign, digits, exponent) = Split(value);
        if (exponent < -4 || exponent >= exponentMax)
        {
            var fraction = digits.Length > 1 ? "." + digits[1..] : "";
            return $"{sign}{digits[0]}{fraction}e{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent):00}";
        }

        return sign + Plain(digits, exponent);
    }

    /// <summary>The number as JSON has it.</summary>
    public static string Json(double value)
    {
        var (sign, digits, exponent) = Split(value);
        if (value != 0 && exponent is < -6 or >= 21)
        {
            var fraction = digits.Length > 1 ? "." + digits[1..] : "";
            return $"{sign}{digits[0]}{fraction}e{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent)}";
        }

        return sign + Plain(digits, exponent);
    }

    /// <summary>With a fixed exponent form: <c>%e</c>.</summary>
    public static string Scientific(double value, int precision)
    {
        var text = value.ToString("e" + precision.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        var at = text.LastIndexOf('e');
        return at < 0 ? text : $"{text[..(at + 2)]}{text[(at + 2)..].TrimStart('0').PadLeft(2, '0')}";
    }

    /// <summary>With a number of digits that count: <c>%g</c>.</summary>
    public static string General(double value, int precision)
    {
        precision = Math.Max(precision, 1);
        var rounded = double.Parse(
            value.ToString("E" + (precision - 1).ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture),
            CultureInfo.InvariantCulture);
        return Shortest(rounded, precision);
    }

    /// <summary>Sign, digits without a point, and the power of ten of the first digit.</summary>
    private static (string Sign, string Digits, int Exponent) Split(double value)
    {
        var text = Math.Abs(value).ToString("R", CultureInfo.InvariantCulture);
        var mark = text.IndexOf('E', StringComparison.Ordinal);
        var mantissa = mark < 0 ? text : text[..mark];
        var exponent = mark < 0 ? 0 : int.Parse(text[(mark + 1)..], CultureInfo.InvariantCulture);
        var point = mantissa.IndexOf('.', StringComparison.Ordinal);
        var all = mantissa.Replace(".", "", StringComparison.Ordinal);
        var digits = all.TrimStart('0');

        // The first digit that counts stands this far before, or behind, the point.
        exponent += (point < 0 ? all.Length : point) - 1 - (all.Length - digits.Length);
        digits = digits.TrimEnd('0');
        if (digits.Length == 0)
        {
            (digits, exponent) = ("0", 0);
        }

        return (double.IsNegative(value) ? "-" : "", digits, exponent);
    }

    private static string Plain(string digits, int exponent)
    {
        if (exponent < 0)
        {
            return "0." + new string('0', -exponent - 1) + digits;
        }

        return exponent + 1 >= digits.Length
            ? digits.PadRight(exponent + 1, '0')
            : $"{digits[..(exponent + 1)]}.{digits[(exponent + 1)..]}";
    }
}
