namespace Ollama.Platform.Prompting.Rendering.Parts;

/// <summary>
/// What a part of a tool's declaration is; decides which of its keys are written, and in which order.
/// </summary>
internal enum ToolPart
{
    /// <summary>Any value, as the client wrote it.</summary>
    Value = 0,

    /// <summary>The whole tool.</summary>
    Tool,

    /// <summary>The function in it.</summary>
    Function,

    /// <summary>The function's parameters.</summary>
    Parameters,

    /// <summary>A schema under each name, in the client's order.</summary>
    Properties,

    /// <summary>One parameter.</summary>
    Property,

    /// <summary>A list of schemas.</summary>
    Branches,

    /// <summary>A type, or a list of types; a list of one is that one.</summary>
    Types,

    /// <summary>A text that is left out when empty.</summary>
    Text,
}
