namespace Ollama.Platform.Prompting.Parsing;

/// <summary>How a family writes the body of a tool call.</summary>
internal enum CallStyle
{
    /// <summary>No tool calls, or a style that is not read: calls stay part of the content.</summary>
    None = 0,

    /// <summary>One JSON object with <c>name</c> and <c>arguments</c> (Hermes, Qwen 2.5, Qwen 3).</summary>
    Json = 1,

    /// <summary><c>&lt;function=f&gt;</c> around <c>&lt;parameter=p&gt;</c> (Qwen3-Coder, Qwen 3.5).</summary>
    Tags = 2,
}
