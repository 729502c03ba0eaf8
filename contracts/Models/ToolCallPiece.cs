namespace Ollama.Platform.Contracts.Models;

/// <summary>What a model has written of a call that is not complete yet.</summary>
/// <param name="Index">Position among the calls of the completion, from 0.</param>
/// <param name="Arguments">Text behind that of the piece before; all of them together are a JSON object.</param>
public sealed record ToolCallPiece(int Index, string Arguments)
{
    /// <summary>As <see cref="ToolCall.Id"/>; set on the first piece of a call only.</summary>
    public string? Id { get; init; }

    /// <summary>Name of the function; set on the first piece of a call only.</summary>
    public string? Name { get; init; }
}
