using System.Globalization;
using System.Text;
using Ollama.Platform.Prompting.Jinja.Runtime;
using Ollama.Platform.Prompting.Jinja.Values;

namespace Ollama.Platform.Prompting.Jinja.Library;

/// <summary>Writes one value with the width, sign, precision and type that a format asks for.</summary>
internal sealed record NumberFormat
{
    private const int DigitsMax = 100;

    public char Fill { get; init; } = ' ';

    /// <summary><c>&lt; &gt; ^ =</c>, or zero for the type's own.</summary>
    public char Align { get; init; }

    /// <summary><c>+</c>, a space, or zero for minus signs only.</summary>
    public char Sign { get; init; }

    /// <summary>Whether thousands are separated by commas.</summary>
    public bool Group { get; init; }

    public long Width { get; init; }

    /// <summary>Digits after the point, or characters of a text; -1 for the type's own.</summary>
    public int Precision { get; init; } = -1;

    /// <summary>The type letter; zero for the value's own.</summary>
    public char Type { get; init; }

    public string Apply(RenderState state, JinjaValue value)
    {
        var isNumber = value.TryGetNumber(out _) && Type is not ('s' or 'r' or 'c');
        var text = isNumber && (Type != 0 || value.Kind != JinjaKind.Boolean)
            ? Number(state, value)
            : Text(state, value);
        var missing = Width - CodePoints.Count(text);
        if (missing <= 0)
        {
            return text;
        }

        state.ChargeText(Width);
        return Pad(text, (int)missing, Align == 0 ? (isNumber ? '>' : '<') : Align);
    }

    private string Pad(string text, int missing, char align)
    {
        var before = align switch
        {
            '<' => 0,
            '^' => missing / 2,
            _ => missing,
        };
        var at = align == '=' && text is ['+' or '-' or ' ', ..] ? 1 : 0;
        return new StringBuilder(text).Insert(at, new string(Fill, before)).Append(Fill, missing - before).ToString();
    }

    private string Text(RenderState state, JinjaValue value)
    {
        if (Type is not ('\0' or 's' or 'r' or 'c'))
        {
            throw state.Fail($"the format '{Type}' needs a number, not {PythonText.TypeOf(value)}");
        }

        var text = Type == 'r' ? PythonText.Repr(state, value)
            : Type == 'c' && value.TryGetInteger(out var code) && Rune.IsValid((int)Math.Clamp(code, -1, int.MaxValue))
                ? new Rune((int)code).ToString()
            : PythonText.Str(state, value);
        return Precision >= 0 ? text[..CodePoints.OffsetOf(text, Precision)] : text;
    }

    private string Number(RenderState state, JinjaValue value)
    {
        _ = value.TryGetNumber(out var number);
        string digits;
        if (Type is '\0' && Precision < 0 && value.Kind == JinjaKind.Float)
        {
            digits = NumberText.Of(Math.Abs(number));
        }
        else if (Type is 'd' or 'i' or 'u' or 'x' or 'X' or 'o' or 'b'
            || (Type is '\0' && value.Kind != JinjaKind.Float))
        {
            digits = Integer(state, value);
        }
        else
        {
            digits = Float(state, Math.Abs(number));
        }

        var sign = number < 0 ? "-" : Sign == 0 ? string.Empty : Sign.ToString();
        return sign + digits;
    }

    private string Integer(RenderState state, JinjaValue value)
    {
        if (!value.TryGetInteger(out var integer))
        {
            integer = Math.Abs(value.AsFloat) < long.MaxValue
                ? (long)value.AsFloat
                : throw state.Fail("the number does not fit in a 64-bit integer");
        }

        var magnitude = integer < 0 ? (ulong)-(integer + 1) + 1 : (ulong)integer;
        return Type switch
        {
            'x' => magnitude.ToString("x", CultureInfo.InvariantCulture),
            'X' => magnitude.ToString("X", CultureInfo.InvariantCulture),
            'b' => magnitude.ToString("b", CultureInfo.InvariantCulture),
            'o' => Convert.ToString((long)magnitude, 8),
            _ => magnitude.ToString(Group ? "N0" : "D", CultureInfo.InvariantCulture),
        };
    }

    private string Float(RenderState state, double magnitude)
    {
        var precision = Math.Min(Precision < 0 ? 6 : Precision, DigitsMax);
        switch (Type)
        {
            case 'f' or 'F':
                return magnitude.ToString($"{(Group ? 'N' : 'F')}{precision}", CultureInfo.InvariantCulture);
            case '%':
                return (magnitude * 100).ToString($"F{precision}", CultureInfo.InvariantCulture) + "%";
            case 'e' or 'E':
                var zeros = new string('0', precision);
                var pattern = precision == 0 ? $"0{Type}+00" : $"0.{zeros}{Type}+00";
                return magnitude.ToString(pattern, CultureInfo.InvariantCulture);
            case 'g' or 'G' or '\0':
                return General(magnitude, Math.Max(precision, 1));
            default:
                throw state.Fail($"the format '{Type}' is unknown");
        }
    }

    private static string General(double magnitude, int precision)
    {
        var text = magnitude.ToString($"G{precision}", CultureInfo.InvariantCulture);
        var mark = text.IndexOf('E');
        return mark < 0 ? text : $"{text[..mark]}e{text[mark + 1]}{text[(mark + 2)..].PadLeft(2, '0')}";
    }
}
