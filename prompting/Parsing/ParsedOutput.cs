using System.Text;
using Ollama.Platform.Contracts.Models;

namespace Ollama.Platform.Prompting.Parsing;

/// <summary>What became certain with the last piece of a completion.</summary>
public sealed record ParsedOutput
{
    /// <summary>Nothing became certain.</summary>
    public static ParsedOutput Empty { get; } = new();

    /// <summary>New answer text.</summary>
    public string Content { get; init; } = "";

    /// <summary>New reasoning text.</summary>
    public string Thinking { get; init; } = "";

    /// <summary>Calls that became complete, with ids and indexes.</summary>
    public IReadOnlyList<ToolCall> ToolCalls { get; init; } = [];

    /// <summary>What calls grew by; each follows once more in <see cref="ToolCalls"/>.</summary>
    public IReadOnlyList<ToolCallPiece> CallPieces { get; init; } = [];

    /// <summary>Takes what has been gathered and leaves nothing behind.</summary>
    internal static ParsedOutput Take(
        StringBuilder content, StringBuilder thinking, List<ToolCall> calls, IReadOnlyList<ToolCallPiece> pieces)
    {
        if (content.Length == 0 && thinking.Length == 0 && calls.Count == 0 && pieces.Count == 0)
        {
            return Empty;
        }

        var output = new ParsedOutput
        {
            Content = content.ToString(),
            Thinking = thinking.ToString(),
            ToolCalls = [.. calls],
            CallPieces = pieces,
        };
        content.Clear();
        thinking.Clear();
        calls.Clear();
        return output;
    }
}
