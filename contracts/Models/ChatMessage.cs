namespace Ollama.Platform.Contracts.Models;

/// <summary>One message of a conversation.</summary>
public sealed record ChatMessage
{
    /// <summary>
    /// Lower-case role: <c>system</c>, <c>user</c>, <c>assistant</c>, <c>tool</c>, or what the client sent.
    /// </summary>
    public required string Role { get; init; }

    /// <summary>The text; empty when the message carries only calls or images.</summary>
    public string Content { get; init; } = "";

    /// <summary>The reasoning that preceded the content, when the client sends it back.</summary>
    public string? Thinking { get; init; }

    /// <summary>Raw bytes of the attached images.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Images { get; init; } = [];

    /// <summary>Calls that the assistant made in this message.</summary>
    public IReadOnlyList<ToolCall> ToolCalls { get; init; } = [];

    /// <summary>The tool whose result this message carries.</summary>
    public string? ToolName { get; init; }

    /// <summary>The call whose result this message carries.</summary>
    public string? ToolCallId { get; init; }
}
