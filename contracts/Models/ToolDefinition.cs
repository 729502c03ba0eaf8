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

    /// <summary>
    /// The schema of the arguments as the client wrote it, with the keywords that templates do not see; null for none.
    /// </summary>
    public JsonElement? Parameters { get; init; }
}
