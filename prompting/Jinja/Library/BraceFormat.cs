using System.Text;
using Ollama.Platform.Prompting.Jinja.Runtime;
using Ollama.Platform.Prompting.Jinja.Values;

namespace Ollama.Platform.Prompting.Jinja.Library;

/// <summary>Formatting with braces: <c>'{} has {count:02d}'.format(name, count=3)</c>.</summary>
internal sealed class BraceFormat(RenderState state, string format, CallArguments arguments)
{
    private int _nextIndex;

    public JinjaValue Format()
    {
        var text = new StringBuilder();
        for (var at = 0; at < format.Length; at++)
        {
            var character = format[at];
            var doubled = at + 1 < format.Length && format[at + 1] == character;
            if (character is '{' or '}' && doubled)
            {
                text.Append(character);
                at++;
            }
            else if (character == '{')
            {
                var close = format.IndexOf('}', at);
                var shown = close < 0
                    ? throw state.Fail("a brace of the format is not closed")
                    : Field(format[(at + 1)..close]);
                state.ChargeText(shown.Length);
                text.Append(shown);
                at = close;
            }
            else if (character == '}')
            {
                throw state.Fail("a brace of the format is not opened");
            }
            else
            {
                text.Append(character);
            }
        }

        return state.Text(text.ToString());
    }

    private string Field(string field)
    {
        var colon = field.IndexOf(':', StringComparison.Ordinal);
        var name = colon < 0 ? field : field[..colon];
        var conversion = name.IndexOf('!', StringComparison.Ordinal);
        var value = Value(conversion < 0 ? name : name[..conversion]);
        if (conversion >= 0)
        {
            value = JinjaValue.From(name[conversion..] == "!r"
                ? PythonText.Repr(state, value)
                : PythonText.Str(state, value));
        }

        return colon < 0 ? PythonText.Str(state, value) : Specification(field[(colon + 1)..]).Apply(state, value);
    }

    private JinjaValue Value(string name)
    {
        var end = name.AsSpan().IndexOfAny('.', '[');
        var first = end < 0 ? name : name[..end];
        var index = _nextIndex;
        if (first.Length == 0)
        {
            _nextIndex++;
        }
        else if (!int.TryParse(first, out index))
        {
            var named = arguments.TryGetNamed(first, out var argument)
                ? argument
                : throw state.Fail($"the format asks for '{first}', which was not passed");
            return Follow(named, end < 0 ? string.Empty : name[end..]);
        }

        return index >= 0 && index < arguments.Positional.Length
            ? Follow(arguments.Positional[index], end < 0 ? string.Empty : name[end..])
            : throw state.Fail("the format has more places than values");
    }

    /// <summary>Follows <c>.member</c> and <c>[key]</c> behind the name of a field.</summary>
    private JinjaValue Follow(JinjaValue value, string path)
    {
        foreach (var part in path.Replace("]", string.Empty, StringComparison.Ordinal).Replace('[', '.')
            .Split('.', StringSplitOptions.RemoveEmptyEntries))
        {
            value = Members.Path(state, value, JinjaValue.From(part));
        }

        return value;
    }

    private NumberFormat Specification(string text)
    {
        var at = 0;
        var (fill, align) = (' ', '\0');
        if (text.Length > 1 && text[1] is '<' or '>' or '^' or '=')
        {
            (fill, align, at) = (text[0], text[1], 2);
        }
        else if (text is ['<' or '>' or '^' or '=', ..])
        {
            (align, at) = (text[0], 1);
        }

        var sign = at < text.Length && text[at] is '+' or ' ' or '-' ? text[at++] : '\0';
        if (at < text.Length && text[at] == '0' && align == 0)
        {
            (fill, align) = ('0', '=');
        }

        var width = Digits(text, ref at, 0);
        var group = at < text.Length && text[at] == ',';
        at += group ? 1 : 0;
        var precision = -1;
        if (at < text.Length && text[at] == '.')
        {
            at++;
            precision = Digits(text, ref at, -1);
        }

        if (at < text.Length - 1)
        {
            throw state.Fail($"the format specification '{text}' is not supported");
        }

        return new NumberFormat
        {
            Fill = fill,
            Align = align,
            Sign = sign == '-' ? '\0' : sign,
            Width = width,
            Group = group,
            Precision = precision,
            Type = at < text.Length ? text[at] : '\0',
        };
    }

    private int Digits(string text, ref int at, int otherwise)
    {
        var start = at;
        while (at < text.Length && char.IsAsciiDigit(text[at]))
        {
            at++;
        }

        return start == at ? otherwise : int.TryParse(text.AsSpan(start, at - start), out var number)
            ? number
            : throw state.Fail("the width is too large");
    }
}
