using Ollama.Platform.Prompting.Jinja.Library;

namespace Ollama.Platform.Prompting.Jinja.Syntax;

/// <summary>Cuts the inside of one tag into tokens. Reads every character once; no backtracking.</summary>
internal sealed class ExpressionLexer(string source, LineMap lines, List<Token> tokens)
{
    private static readonly string[] LongOperators = ["//", "**", "==", "!=", ">=", "<="];
    private static readonly string[] ShortOperators =
        [.. "+-/*%~[](){}><=.:|,;".Select(symbol => symbol.ToString())];

    private readonly Stack<char> _open = new();
    private int _at;

    /// <summary>Reads until the tag ends; returns the offset behind it.</summary>
    public int Read(int from, int tag, TokenKind end)
    {
        var closing = end == TokenKind.BlockEnd ? "%}" : "}}";
        for (_at = PythonSpace.Skip(source, from); _at < source.Length; _at = PythonSpace.Skip(source, _at))
        {
            if (_open.Count == 0 && MatchEnd(closing) is var length and > 0)
            {
                tokens.Add(new Token(end, string.Empty, lines.At(_at)));
                return _at + length;
            }

            ReadToken();
        }

        throw lines.Fail($"the tag is not closed by '{closing}'", tag);
    }

    private int MatchEnd(string closing)
    {
        // A plus is whitespace control at the end of block tags only; in an output it is an operator.
        var signed = source[_at] == '-' || (source[_at] == '+' && closing == "%}");
        return string.CompareOrdinal(source, _at + (signed ? 1 : 0), closing, 0, 2) == 0 ? (signed ? 3 : 2) : 0;
    }

    private void ReadToken()
    {
        var start = _at;
        var first = source[_at];
        if (char.IsAsciiDigit(first))
        {
            Add(ReadNumber(), start);
        }
        else if (first == '_' || char.IsLetter(first))
        {
            while (_at < source.Length && (source[_at] == '_' || char.IsLetterOrDigit(source[_at])))
            {
                _at++;
            }

            Add(TokenKind.Name, start);
        }
        else if (first is '\'' or '"')
        {
            ReadString(first);
        }
        else
        {
            ReadOperator();
        }
    }

    private void Add(TokenKind kind, int start) =>
        tokens.Add(new Token(kind, source[start.._at], lines.At(start)));

    private TokenKind ReadNumber()
    {
        if (source[_at] == '0' && _at + 1 < source.Length && source[_at + 1] is 'x' or 'X' or 'o' or 'O' or 'b' or 'B')
        {
            _at += 2;
            while (_at < source.Length && (char.IsAsciiHexDigit(source[_at]) || source[_at] == '_'))
            {
                _at++;
            }

            return TokenKind.Integer;
        }

        var kind = TokenKind.Integer;
        var isMember = source[_at - 1] == '.';
        SkipDigits();
        // In items.0.1 the second number is a member too, not the fraction of a float.
        if (!isMember && DigitAt(_at + 1) && source[_at] == '.')
        {
            kind = TokenKind.Float;
            _at++;
            SkipDigits();
        }

        var exponent = _at + 1 < source.Length && source[_at + 1] is '+' or '-' ? _at + 2 : _at + 1;
        if (_at < source.Length && source[_at] is 'e' or 'E' && DigitAt(exponent))
        {
            kind = TokenKind.Float;
            _at = exponent;
            SkipDigits();
        }

        return kind;
    }

    private bool DigitAt(int at) => at < source.Length && char.IsAsciiDigit(source[at]);

    private void SkipDigits()
    {
        while (DigitAt(_at) || (_at < source.Length && source[_at] == '_' && DigitAt(_at + 1)))
        {
            _at++;
        }
    }

    private void ReadString(char quote)
    {
        var start = _at;
        for (_at++; _at < source.Length && source[_at] != quote; _at++)
        {
            if (source[_at] == '\\')
            {
                _at++;
            }
        }

        if (_at >= source.Length)
        {
            throw lines.Fail("the string is not closed", start);
        }

        _at++;
        var text = StringLiteral.Decode(source.AsSpan(start + 1, _at - start - 2));
        tokens.Add(new Token(TokenKind.String, text, lines.At(start)));
    }

    private void ReadOperator()
    {
        var symbol = Array.Find(LongOperators, MatchesAt) ?? Array.Find(ShortOperators, MatchesAt)
            ?? throw lines.Fail($"unexpected character '{source[_at]}'", _at);
        Balance(symbol[0]);
        tokens.Add(new Token(TokenKind.Operator, symbol, lines.At(_at)));
        _at += symbol.Length;
    }

    private bool MatchesAt(string symbol) => string.CompareOrdinal(source, _at, symbol, 0, symbol.Length) == 0;

    private void Balance(char symbol)
    {
        switch (symbol)
        {
            case '(':
                _open.Push(')');
                break;
            case '[':
                _open.Push(']');
                break;
            case '{':
                _open.Push('}');
                break;
            case ')' or ']' or '}':
                if (!_open.TryPop(out var expected))
                {
                    throw lines.Fail($"unexpected '{symbol}'", _at);
                }

                if (expected != symbol)
                {
                    throw lines.Fail($"unexpected '{symbol}', expected '{expected}'", _at);
                }

                break;
        }
    }
}
