using System.Text;
using Ollama.Platform.Prompting.Modelfiles;

namespace Ollama.Platform.Prompting.Go.Syntax;

/// <summary>Cuts the inside of one action into tokens.</summary>
internal sealed class GoActionLexer(string source, List<GoToken> tokens)
{
    private static readonly HashSet<string> Keywords = new(StringComparer.Ordinal)
    {
        "block", "break", "continue", "define", "else", "end", "if", "range", "template", "with",
    };

    private int _start;
    private int _depth;

    /// <summary>Where the action ends, once it was read: at its right delimiter.</summary>
    public int At { get; private set; }

    private char Next => At < source.Length ? source[At] : '\0';

    private bool IsAtEnd => At >= source.Length;

    /// <summary>Reads the action from an offset on; false when a failure ended it.</summary>
    public bool Read(int from)
    {
        At = from;
        while (true)
        {
            _start = At;
            if (GoLexer.RightDelimiterLength(source, At) > 0)
            {
                return _depth == 0 || Fail("unclosed left paren");
            }

            if (IsAtEnd)
            {
                return Fail("unclosed action");
            }

            if (!ReadToken(source[At]))
            {
                return false;
            }
        }
    }

    private bool ReadToken(char first)
    {
        switch (first)
        {
            case ' ' or '\t' or '\r' or '\n':
                return ReadSpace();
            case '=':
                return Take(GoTokenKind.Assign, 1);
            case ':':
                return GoLexer.Matches(source, At, ":=") ? Take(GoTokenKind.Declare, 2) : Fail("expected :=");
            case '|':
                return Take(GoTokenKind.Pipe, 1);
            case '"':
                return ReadQuoted('"', GoTokenKind.QuotedString, "unterminated quoted string");
            case '\'':
                return ReadQuoted('\'', GoTokenKind.CharacterConstant, "unterminated character constant");
            case '`':
                return ReadRaw();
            case '$':
                At++;
                return ReadName(GoTokenKind.Variable, GoTokenKind.Variable);
            case '.' when At + 1 < source.Length && !char.IsAsciiDigit(source[At + 1]):
                At++;
                return ReadName(GoTokenKind.Field, GoTokenKind.Dot);
            case '.' or '+' or '-' or (>= '0' and <= '9'):
                return ReadNumber();
            case '(':
                _depth++;
                return Take(GoTokenKind.LeftParenthesis, 1);
            case ')':
                return --_depth < 0 ? Fail("unexpected right paren") : Take(GoTokenKind.RightParenthesis, 1);
            default:
                return IsNameCharacter(At, out _) ? ReadWord()
                    : first is > ' ' and < (char)0x7F ? Take(GoTokenKind.Character, 1)
                    : Fail("unrecognized character in action: " + Describe());
        }
    }

    private bool Take(GoTokenKind kind, int length)
    {
        At = _start + length;
        tokens.Add(new(kind, source[_start..At], _start));
        return true;
    }

    private bool ReadSpace()
    {
        // The last blank may belong to a right delimiter with a dash.
        while (!IsAtEnd && GoLexer.IsSpace(Next) && GoLexer.RightDelimiterLength(source, At) == 0)
        {
            At++;
        }

        return Take(GoTokenKind.Space, At - _start);
    }

    private bool ReadQuoted(char quote, GoTokenKind kind, string failure)
    {
        for (At++; !IsAtEnd && Next != '\n'; At++)
        {
            if (Next == quote)
            {
                return Take(kind, At + 1 - _start);
            }

            if (Next == '\\' && At + 1 < source.Length && source[At + 1] != '\n')
            {
                At++;
            }
        }

        return Fail(failure);
    }

    private bool ReadRaw()
    {
        var end = source.IndexOf('`', At + 1);
        return end < 0 ? Fail("unterminated raw quoted string") : Take(GoTokenKind.RawString, end + 1 - _start);
    }

    private bool ReadName(GoTokenKind kind, GoTokenKind alone)
    {
        if (IsAtTerminator())
        {
            return Take(alone, 1);
        }

        SkipName();
        return IsAtTerminator() ? Take(kind, At - _start) : Fail("bad character " + Describe());
    }

    private bool ReadWord()
    {
        SkipName();
        if (!IsAtTerminator())
        {
            return Fail("bad character " + Describe());
        }

        var word = source[_start..At];
        return Take(
            Keywords.Contains(word) ? GoTokenKind.Keyword
            : word is "true" or "false" ? GoTokenKind.Bool
            : word == "nil" ? GoTokenKind.Nil
            : GoTokenKind.Identifier,
            word.Length);
    }

    private bool ReadNumber()
    {
        if (Next is '+' or '-')
        {
            At++;
        }

        // A loose reading; what it means, and whether it means anything, the parser finds out.
        while (!IsAtEnd
            && (char.IsAsciiLetterOrDigit(Next) || Next is '_' or '.'
                || (Next is '+' or '-' && source[At - 1] is 'e' or 'E' or 'p' or 'P')))
        {
            At++;
        }

        return NumberLiteral.TryParse(source[_start..At], out _)
            ? Take(GoTokenKind.Number, At - _start)
            : Fail("bad number syntax: " + GoText.Quote(source[_start..At]));
    }

    private void SkipName()
    {
        while (IsNameCharacter(At, out var length))
        {
            At += length;
        }
    }

    private bool IsNameCharacter(int at, out int length)
    {
        length = 0;
        return at < source.Length
            && Rune.TryGetRuneAt(source, at, out var rune)
            && (length = rune.Utf16SequenceLength) > 0
            && (rune.Value == '_' || Rune.IsLetter(rune) || Rune.IsDigit(rune));
    }

    private bool IsAtTerminator() =>
        IsAtEnd || GoLexer.IsSpace(Next) || Next is '.' or ',' or '|' or ':' or '(' or ')'
        || GoLexer.Matches(source, At, GoLexer.Right);

    private string Describe()
    {
        var rune = Rune.TryGetRuneAt(source, At, out var found) ? found : Rune.ReplacementChar;
        var shown = GoText.IsPrintable(rune) ? $" '{rune}'" : "";
        return $"U+{rune.Value:X4}{shown}";
    }

    private bool Fail(string message)
    {
        tokens.Add(new(GoTokenKind.Error, message, _start));
        return false;
    }
}
