using Ollama.Platform.Prompting.Jinja.Library;

namespace Ollama.Platform.Prompting.Jinja.Syntax;

/// <summary>
/// Cuts a template into text and tags and applies whitespace control as the templates of models expect it: a block tag
/// swallows the newline after it and the blanks of its line before it, <c>-</c> swallows all whitespace, <c>+</c>
/// switches the automatic part off.
/// </summary>
internal sealed class TemplateLexer
{
    private readonly string _source;
    private readonly LineMap _lines;
    private readonly List<Token> _tokens = [];
    private int _at;

    private TemplateLexer(string source)
    {
        _source = source;
        _lines = new LineMap(source);
    }

    /// <summary>Cuts the source, whose newlines are all <c>\n</c>, into tokens; the last one is the end.</summary>
    public static List<Token> Tokenize(string source) => new TemplateLexer(source).Run();

    private List<Token> Run()
    {
        while (_at < _source.Length)
        {
            var tag = FindTag(_at);
            if (tag < 0)
            {
                AddText(_source.AsSpan(_at), _at);
                break;
            }

            AddTextBefore(tag);
            _at = tag + (HasSign(tag) ? 3 : 2);
            switch (_source[tag + 1])
            {
                case '#':
                    SkipComment(tag);
                    break;
                case '%' when TryMatchTag(_at, "raw", out var bodyStart):
                    ReadRaw(tag, bodyStart);
                    break;
                case '%':
                    ReadTag(tag, TokenKind.BlockStart, TokenKind.BlockEnd);
                    SkipAfterBlock();
                    break;
                default:
                    ReadTag(tag, TokenKind.OutputStart, TokenKind.OutputEnd);
                    SkipAfterDash(_at - 3, 3);
                    break;
            }
        }

        _tokens.Add(new Token(TokenKind.End, string.Empty, _lines.At(_source.Length)));
        return _tokens;
    }

    private int FindTag(int from)
    {
        for (var i = _source.IndexOf('{', from); i >= 0 && i + 1 < _source.Length; i = _source.IndexOf('{', i + 1))
        {
            if (_source[i + 1] is '{' or '%' or '#')
            {
                return i;
            }
        }

        return -1;
    }

    private bool HasSign(int tag) => tag + 2 < _source.Length && _source[tag + 2] is '-' or '+';

    private void AddTextBefore(int tag)
    {
        var text = _source.AsSpan(_at, tag - _at);
        var sign = HasSign(tag) ? _source[tag + 2] : '\0';
        if (sign == '-')
        {
            text = PythonSpace.TrimEnd(text);
        }
        else if (sign != '+' && _source[tag + 1] != '{')
        {
            // A block tag that stands first on its line takes its indentation away. Text that begins in the middle of a
            // line, right behind another tag, is not indentation.
            var lineStart = text.LastIndexOf('\n') + 1;
            var startsLine = lineStart > 0 || _at == 0 || _source[_at - 1] == '\n';
            if (startsLine && PythonSpace.IsBlank(text[lineStart..]))
            {
                text = text[..lineStart];
            }
        }

        AddText(text, _at);
    }

    private void AddText(ReadOnlySpan<char> text, int offset)
    {
        if (!text.IsEmpty)
        {
            _tokens.Add(new Token(TokenKind.Text, text.ToString(), _lines.At(offset)));
        }
    }

    private void SkipComment(int tag)
    {
        var end = _source.IndexOf("#}", _at, StringComparison.Ordinal);
        if (end < 0)
        {
            throw _lines.Fail("the comment is not closed", tag);
        }

        var signed = end > _at && _source[end - 1] is '-' or '+';
        _at = end + 2;
        SkipAfter(signed ? _source[end - 1] : '\0');
    }

    private void ReadRaw(int tag, int bodyStart)
    {
        _at = bodyStart;
        SkipAfterDash(bodyStart - 3, 3);
        for (var end = NextBlock(_at); end >= 0; end = NextBlock(end + 1))
        {
            if (TryMatchTag(end + (HasSign(end) ? 3 : 2), "endraw", out var after))
            {
                AddTextBefore(end);
                _at = after;
                SkipAfterBlock();
                return;
            }
        }

        throw _lines.Fail("'raw' is not closed by 'endraw'", tag);
    }

    private int NextBlock(int from) => _source.IndexOf("{%", from, StringComparison.Ordinal);

    /// <summary>Whether a block tag that consists of one word goes on at an offset.</summary>
    private bool TryMatchTag(int at, string word, out int after)
    {
        at = PythonSpace.Skip(_source, at);
        after = 0;
        if (string.CompareOrdinal(_source, at, word, 0, word.Length) != 0)
        {
            return false;
        }

        at = PythonSpace.Skip(_source, at + word.Length);
        if (at < _source.Length && _source[at] is '-' or '+')
        {
            at++;
        }

        after = at + 2;
        return string.CompareOrdinal(_source, at, "%}", 0, 2) == 0;
    }

    private void ReadTag(int tag, TokenKind start, TokenKind end)
    {
        _tokens.Add(new Token(start, string.Empty, _lines.At(tag)));
        _at = new ExpressionLexer(_source, _lines, _tokens).Read(_at, tag, end);
    }

    private void SkipAfterBlock() => SkipAfter(_source[_at - 3]);

    private void SkipAfter(char sign)
    {
        if (sign == '-')
        {
            _at = PythonSpace.Skip(_source, _at);
        }
        else if (sign != '+' && _at < _source.Length && _source[_at] == '\n')
        {
            _at++;
        }
    }

    private void SkipAfterDash(int sign, int length)
    {
        if (_source[sign] == '-')
        {
            _at = PythonSpace.Skip(_source, sign + length);
        }
    }
}
