using System.Text.Json;

namespace Ollama.Platform.Contracts.Models;

/// <summary>A constraint on the text that a model may produce.</summary>
/// <param name="Kind">Which constraint.</param>
/// <param name="Schema">The JSON schema; present only for <see cref="OutputFormatKind.JsonSchema"/>.</param>
public sealed record OutputFormat(OutputFormatKind Kind, JsonElement? Schema);

/// <summary>The kinds of <see cref="OutputFormat"/>.</summary>
public enum OutputFormatKind
{
    /// <summary>Any JSON value.</summary>
    Json = 0,

    /// <summary>JSON that satisfies a schema.</summary>
    JsonSchema = 1,
}
