namespace Ollama.Platform.Prompting.Jinja.Expressions;

/// <summary>What a comparison asks.</summary>
internal enum Relation : byte
{
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    In,
    NotIn,
}
