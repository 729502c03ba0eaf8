using System.Text;
using Ollama.Platform.Prompting.Jinja.Runtime;
using Ollama.Platform.Prompting.Jinja.Values;

namespace Ollama.Platform.Prompting.Jinja.Library;

/// <summary>Formatting with <c>%</c>: <c>'%s has %d' % (name, count)</c>.</summary>
internal static class PercentFormat
{
    public static JinjaValue Apply(RenderState state, string format, JinjaValue values)
    {
        var text = new StringBuilder();
        var used = 0;
        for (var at = 0; at < format.Length; at++)
        {
            var next = format.IndexOf('%', at);
            next = next < 0 ? format.Length : next;
            Append(state, text, format.AsSpan(at, next - at));
            at = next;
            if (at >= format.Length)
            {
                break;
            }

            at++;
            if (at < format.Length && format[at] == '%')
            {
                text.Append('%');
                continue;
            }

            Append(state, text, One(state, format, ref at, values, ref used));
        }

        var offered = values.Kind switch
        {
            JinjaKind.Tuple => values.AsTuple.Length,
            JinjaKind.List or JinjaKind.Dict => 0,
            _ => 1,
        };
        if (used < offered)
        {
            throw state.Fail("the format has fewer places than values");
        }

        return state.Text(text.ToString());
    }

    private static void Append(RenderState state, StringBuilder text, ReadOnlySpan<char> part)
    {
        state.ChargeText(part.Length);
        text.Append(part);
    }

    private static string One(RenderState state, string format, ref int at, JinjaValue values, ref int used)
    {
        JinjaValue? named = null;
        if (at < format.Length && format[at] == '(')
        {
            var close = format.IndexOf(')', at);
            var name = close < 0 ? throw state.Fail("the format is incomplete") : format[(at + 1)..close];
            named = Members.Item(state, values, JinjaValue.From(name));
            at = close + 1;
        }

        var flagsStart = at;
        at = SkipWhile(format, at, character => character is '-' or '+' or ' ' or '0' or '#');
        var flags = format[flagsStart..at];
        var width = Digits(state, format, ref at);
        var precision = -1;
        if (at < format.Length && format[at] == '.')
        {
            at++;
            precision = Digits(state, format, ref at);
        }

        if (at >= format.Length)
        {
            throw state.Fail("the format is incomplete");
        }

        var number = new NumberFormat
        {
            Width = width,
            Precision = precision,
            Type = format[at],
            Sign = flags.Contains('+') ? '+' : flags.Contains(' ') ? ' ' : '\0',
            Align = flags.Contains('-') ? '<' : flags.Contains('0') ? '=' : '>',
            Fill = flags.Contains('0') && !flags.Contains('-') ? '0' : ' ',
        };
        return number.Apply(state, named ?? Next(state, values, ref used));
    }

    private static JinjaValue Next(RenderState state, JinjaValue values, ref int used)
    {
        var available = values.Kind == JinjaKind.Tuple ? values.AsTuple.Length : 1;
        if (used >= available)
        {
            throw state.Fail("the format has more places than values");
        }

        return values.Kind == JinjaKind.Tuple ? values.AsTuple[used++] : Single(values, ref used);
    }

    private static JinjaValue Single(JinjaValue value, ref int used)
    {
        used++;
        return value;
    }

    private static int Digits(RenderState state, string format, ref int at)
    {
        var start = at;
        at = SkipWhile(format, at, char.IsAsciiDigit);
        return start == at ? 0 : int.TryParse(format.AsSpan(start, at - start), out var number)
            ? number
            : throw state.Fail("the width is too large");
    }

    private static int SkipWhile(string format, int at, Func<char, bool> holds)
    {
        while (at < format.Length && holds(format[at]))
        {
            at++;
        }

        return at;
    }
}
