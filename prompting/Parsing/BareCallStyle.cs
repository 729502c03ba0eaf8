namespace Ollama.Platform.Prompting.Parsing;

/// <summary>How a family writes calls when it forgets their marks.</summary>
internal enum BareCallStyle
{
    /// <summary>It does not, or such calls are content.</summary>
    None = 0,

    /// <summary><c>[f(a=1)]</c>, or without brackets.</summary>
    Python,

    /// <summary><c>{"name": "f", …}</c>.</summary>
    Json,
}
