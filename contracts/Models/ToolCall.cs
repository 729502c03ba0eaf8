using System.Text.Json;

namespace Ollama.Platform.Contracts.Models;

/// <summary>A structured call that the model asks for.</summary>
public sealed record ToolCall
{
    /// <summary>
    /// Identifies the call within its conversation; made by the server (<c>call_</c> and 8 characters).
    /// </summary>
    public string? Id { get; init; }

    /// <summary>Position among the calls of one completion, from 0.</summary>
    public int Index { get; init; }

    /// <summary>Name of the function.</summary>
    public required string Name { get; init; }

    /// <summary>The arguments: a JSON object whose key order is kept.</summary>
    public required JsonElement Arguments { get; init; }
}
