using System.Text;
using Ollama.Platform.Prompting.Go.Runtime;
using Ollama.Platform.Prompting.Go.Values;

namespace Ollama.Platform.Prompting.Go.Library;

/// <summary>Fills a format in: <c>printf</c>. What does not fit is said in the text, as in Go.</summary>
internal sealed class FormattedText
{
    private const int SizeMax = 1_000_000;

    private readonly GoRenderState _state;
    private readonly string _format;
    private readonly GoValue[] _arguments;
    private readonly GoPrinter _printer;
    private int _at;
    private int _next;

    private FormattedText(GoRenderState state, string format, GoValue[] arguments)
    {
        (_state, _format, _arguments) = (state, format, arguments);
        _printer = new GoPrinter(state);
    }

    public static string Format(GoRenderState state, string format, GoValue[] arguments) =>
        new FormattedText(state, format, arguments).Run();

    private string Run()
    {
        while (_at < _format.Length)
        {
            var percent = _format.IndexOf('%', _at);
            var end = percent < 0 ? _format.Length : percent;
            _printer.Append(_format[_at..end]);
            _at = end + 1;
            if (percent >= 0)
            {
                FillIn();
            }
        }

        if (_next < _arguments.Length)
        {
            _printer.Append("%!(EXTRA ");
            for (var i = _next; i < _arguments.Length; i++)
            {
                _printer.Append(i > _next ? ", " : "");
                _printer.Append(_arguments[i] is GoNil ? "" : _arguments[i].TypeName + "=");
                _printer.Print(_arguments[i], GoVerb.Default);
            }

            _printer.Append(")");
        }

        return _printer.Take();
    }

    private void FillIn()
    {
        _state.Step();
        var verb = ReadFlags();
        if (_at >= _format.Length)
        {
            _printer.Append("%!(NOVERB)");
            return;
        }

        Rune.DecodeFromUtf16(_format.AsSpan(_at), out var letter, out var length);
        _at += length;
        if (letter.Value == '%')
        {
            _printer.Append("%");
        }
        else if (_next >= _arguments.Length)
        {
            _printer.Append($"%!{letter}(MISSING)");
        }
        else
        {
            // No verb lies outside of ASCII, so what does is unknown in any case.
            _printer.Print(_arguments[_next++], verb with { Letter = letter.IsAscii ? (char)letter.Value : '?' });
        }
    }

    private GoVerb ReadFlags()
    {
        var verb = GoVerb.Default;
        for (; _at < _format.Length; _at++)
        {
            switch (_format[_at])
            {
                case '#':
                    verb = verb with { Sharp = true };
                    continue;
                case '0':
                    verb = verb with { Zero = true };
                    continue;
                case '+':
                    verb = verb with { Plus = true };
                    continue;
                case '-':
                    verb = verb with { Minus = true };
                    continue;
                case ' ':
                    verb = verb with { Space = true };
                    continue;
            }

            break;
        }

        if (ReadSize("%!(BADWIDTH)") is { } width)
        {
            verb = verb with { Width = Math.Abs(width), Minus = verb.Minus || width < 0 };
        }

        if (_at < _format.Length && _format[_at] == '.')
        {
            _at++;
            var precision = ReadSize("%!(BADPREC)") ?? 0;
            verb = verb with { Precision = precision < 0 ? null : precision };
        }

        return verb;
    }

    /// <summary>Reads digits, or a star that stands for an argument.</summary>
    private int? ReadSize(string failure)
    {
        if (_at < _format.Length && _format[_at] == '*')
        {
            _at++;
            var argument = _next < _arguments.Length ? _arguments[_next++] : GoNil.Value;
            if (argument is GoInteger { Value: >= -SizeMax and <= SizeMax } size)
            {
                return (int)size.Value;
            }

            _printer.Append(failure);
            return null;
        }

        var start = _at;
        while (_at < _format.Length && char.IsAsciiDigit(_format[_at]))
        {
            _at++;
        }

        if (_at == start)
        {
            return null;
        }

        // Go reads a number that is too large as none.
        return int.TryParse(_format.AsSpan(start, _at - start), out var value) && value <= SizeMax ? value : null;
    }
}
