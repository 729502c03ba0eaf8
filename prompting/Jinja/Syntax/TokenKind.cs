namespace Ollama.Platform.Prompting.Jinja.Syntax;

/// <summary>What a token of a template is.</summary>
internal enum TokenKind : byte
{
    /// <summary>Text outside of tags, already trimmed by the tags around it.</summary>
    Text,
    BlockStart,
    BlockEnd,
    OutputStart,
    OutputEnd,
    Name,

    /// <summary>A string literal; the token's text is its decoded content.</summary>
    String,
    Integer,
    Float,
    Operator,
    End,
}
