namespace Ollama.Platform.Prompting.Go.Syntax;

/// <summary>
/// Cuts a template into text and actions. A dash next to a delimiter swallows the white space on its other side.
/// A failure is a token, so that the parser reports whichever error comes first.
/// </summary>
internal sealed class GoLexer
{
    internal const string Left = "{{";
    internal const string Right = "}}";
    private const string CommentStart = "/*";
    private const string CommentEnd = "*/";

    private readonly string _source;
    private readonly List<GoToken> _tokens = [];
    private int _at;

    private GoLexer(string source) => _source = source;

    /// <summary>Cuts the source; the last token is the end or a failure.</summary>
    public static List<GoToken> Tokenize(string source)
    {
        var lexer = new GoLexer(source);
        while (lexer.ReadText() && lexer.ReadAction())
        {
        }

        return lexer._tokens;
    }

    /// <summary>The white space of the language.</summary>
    public static bool IsSpace(char character) => character is ' ' or '\t' or '\r' or '\n';

    /// <summary>Length of a right delimiter at an offset with its dash; 0 when there is none.</summary>
    public static int RightDelimiterLength(string source, int at)
    {
        if (Matches(source, at, Right))
        {
            return Right.Length;
        }

        return at < source.Length && IsSpace(source[at]) && Matches(source, at + 1, "-" + Right) ? Right.Length + 2 : 0;
    }

    public static bool Matches(string source, int at, string text) =>
        string.CompareOrdinal(source, at, text, 0, text.Length) == 0;

    private bool ReadText()
    {
        var start = _at;
        var left = _source.IndexOf(Left, start, StringComparison.Ordinal);
        var end = left < 0 ? _source.Length : left;
        var dash = left >= 0 && Matches(_source, left + Left.Length, "-")
            && left + Left.Length + 1 < _source.Length && IsSpace(_source[left + Left.Length + 1]);
        var length = end;
        while (dash && length > start && IsSpace(_source[length - 1]))
        {
            length--;
        }

        if (length > start)
        {
            _tokens.Add(new(GoTokenKind.Text, _source[start..length], start));
        }

        if (left < 0)
        {
            _tokens.Add(new(GoTokenKind.End, "", _source.Length));
            return false;
        }

        _at = left + Left.Length + (dash ? 2 : 0);
        if (Matches(_source, _at, CommentStart))
        {
            return SkipComment() && ReadText();
        }

        _tokens.Add(new(GoTokenKind.LeftDelimiter, Left, left));
        return true;
    }

    private bool SkipComment()
    {
        var end = _source.IndexOf(CommentEnd, _at + CommentStart.Length, StringComparison.Ordinal);
        if (end < 0)
        {
            return Fail("unclosed comment", _at);
        }

        _at = end + CommentEnd.Length;
        return SkipRightDelimiter() || Fail("comment ends before closing delimiter", _at);
    }

    private bool ReadAction()
    {
        var reader = new GoActionLexer(_source, _tokens);
        if (!reader.Read(_at))
        {
            return false;
        }

        _at = reader.At;
        _tokens.Add(new(GoTokenKind.RightDelimiter, Right, _at));
        return SkipRightDelimiter();
    }

    private bool SkipRightDelimiter()
    {
        var length = RightDelimiterLength(_source, _at);
        _at += length;
        while (length > Right.Length && _at < _source.Length && IsSpace(_source[_at]))
        {
            _at++;
        }

        return length > 0;
    }

    private bool Fail(string message, int at)
    {
        _tokens.Add(new(GoTokenKind.Error, message, at));
        return false;
    }
}
