namespace Ollama.Platform.Prompting.Go.Syntax;

/// <summary>What a token is.</summary>
internal enum GoTokenKind
{
    /// <summary>A failure of the lexer; the text is its message.</summary>
    Error = 0,
    End,
    Text,
    LeftDelimiter,
    RightDelimiter,
    Space,
    Assign,
    Declare,
    Pipe,
    LeftParenthesis,
    RightParenthesis,
    Character,
    CharacterConstant,
    Number,
    Bool,
    Nil,
    QuotedString,
    RawString,
    Dot,
    Field,
    Variable,
    Identifier,

    /// <summary>A word of the language: <c>if</c>, <c>end</c> and the others.</summary>
    Keyword,
}
