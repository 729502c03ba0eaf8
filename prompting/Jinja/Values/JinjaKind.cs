namespace Ollama.Platform.Prompting.Jinja.Values;

/// <summary>What a template value is.</summary>
internal enum JinjaKind : byte
{
    /// <summary>A name or member that does not exist; the default value.</summary>
    Undefined,
    None,
    Boolean,
    Integer,
    Float,
    String,
    List,
    Tuple,
    Dict,

    /// <summary>
    /// Something with behaviour of its own: a macro, a method, a namespace, the <c>loop</c> variable.
    /// </summary>
    Object,
}
