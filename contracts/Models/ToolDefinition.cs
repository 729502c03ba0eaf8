using System.Text.Json;

namespace Ollama.Platform.Contracts.Models;

/// <summary>A function that the model may call.</summary>
public sealed record ToolDefinition
{
    /// <summary>Name of the function.</summary>
    public required string Name { get; init; }

    /// <summary>
    /// The whole tool as templates see it: <c>{"type":"function","function":{"name",…,"parameters":{…}}}</c>,
    /// in the client's key order.
    /// </summary>
    public required JsonElement Definition { get; init; }
}
