using Ollama.Platform.Prompting.Jinja.Syntax;
using Ollama.Platform.Prompting.Rendering;

namespace Ollama.Platform.Prompting.Go.Syntax;

/// <summary>Walks the tokens of a template and words what is wrong with them as Go does.</summary>
internal sealed class GoTokenReader(string source)
{
    private readonly List<GoToken> _tokens = GoLexer.Tokenize(source);
    private readonly LineMap _lines = new(source);
    private int _at;
    private int _furthest;

    /// <summary>Offset of the action that is being read; negative outside of one.</summary>
    public int ActionOffset { get; set; } = -1;

    /// <summary>The next token, left in place.</summary>
    public GoToken Peek() => At(_at);

    /// <summary>The next token that is no space, left in place with what precedes it.</summary>
    public GoToken PeekNonSpace()
    {
        var at = _at;
        while (At(at).Kind == GoTokenKind.Space)
        {
            at++;
        }

        return At(at);
    }

    /// <summary>Takes the next token.</summary>
    public GoToken Take()
    {
        var token = At(_at);
        _at = Math.Min(_at + 1, _tokens.Count - 1);
        return token;
    }

    /// <summary>Takes the next token that is no space.</summary>
    public GoToken TakeNonSpace()
    {
        SkipSpace();
        return Take();
    }

    public void SkipSpace()
    {
        while (Peek().Kind == GoTokenKind.Space)
        {
            _at++;
        }
    }

    /// <summary>A place to go back to.</summary>
    public int Mark() => _at;

    public void Return(int mark) => _at = mark;

    /// <summary>Takes a token of one kind, spaces before it aside.</summary>
    /// <exception cref="TemplateException">Another one comes.</exception>
    public GoToken Expect(GoTokenKind kind, string context)
    {
        var token = TakeNonSpace();
        return token.Kind == kind ? token : throw Unexpected(token, context);
    }

    public TemplateException Unexpected(GoToken token, string context)
    {
        if (token.Kind != GoTokenKind.Error)
        {
            return Fail($"unexpected {token} in {context}");
        }

        var line = _lines.At(token.Offset).Line;
        var started = ActionOffset < 0 ? line : _lines.At(ActionOffset).Line;
        var place = started == line ? ""
            : token.Text.EndsWith(" action", StringComparison.Ordinal) ? $" started at :{started}"
            : $" in action started at :{started}";
        return Fail(token.Text + place);
    }

    public TemplateException Fail(string message)
    {
        var line = _lines.At(At(_furthest).Offset).Line;
        return TemplateException.InWordsOfGo($"template: :{line}: {message}", line);
    }

    private GoToken At(int index)
    {
        index = Math.Min(index, _tokens.Count - 1);
        _furthest = Math.Max(_furthest, index);
        return _tokens[index];
    }
}
