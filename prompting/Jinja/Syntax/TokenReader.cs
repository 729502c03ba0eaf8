using System.Runtime.CompilerServices;
using Ollama.Platform.Prompting.Rendering;

namespace Ollama.Platform.Prompting.Jinja.Syntax;

/// <summary>Walks over tokens for the parsers and guards how deep they recurse.</summary>
internal sealed class TokenReader(List<Token> tokens)
{
    // Real templates stay below 30. Parsing takes a few kilobytes of stack for each level.
    private const int NestingMax = 150;

    private int _at;
    private int _nesting;

    public Token Current => tokens[_at];

    public Token Following => tokens[Math.Min(_at + 1, tokens.Count - 1)];

    public static TemplateException Fail(string message, Token token) =>
        new(message, token.Position.Line, token.Position.Column);

    public Token Read()
    {
        var token = tokens[_at];
        if (token.Kind != TokenKind.End)
        {
            _at++;
        }

        return token;
    }

    public bool SkipOperator(string symbol)
    {
        var found = Current.IsOperator(symbol);
        _at += found ? 1 : 0;
        return found;
    }

    public bool SkipName(string name)
    {
        var found = Current.IsName(name);
        _at += found ? 1 : 0;
        return found;
    }

    public Token ExpectOperator(string symbol) =>
        Current.IsOperator(symbol) ? Read() : throw Unexpected($"'{symbol}'");

    public Token ExpectName(string name) => Current.IsName(name) ? Read() : throw Unexpected($"'{name}'");

    public Token Expect(TokenKind kind, string description) =>
        Current.Kind == kind ? Read() : throw Unexpected(description);

    public TemplateException Unexpected(string expected) =>
        Fail($"expected {expected} but found {Current.Describe()}", Current);

    /// <summary>Goes one level down; every call is paired with <see cref="Leave"/>.</summary>
    public void Enter()
    {
        if (++_nesting > NestingMax || !RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            throw Fail("the template is nested too deeply", Current);
        }
    }

    public void Leave() => _nesting--;
}
