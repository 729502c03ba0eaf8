using System.Text.Json;

namespace Ollama.Platform.Api.Responses.Wire;

/// <summary>What a response says about fields that were not sent.</summary>
internal static class ResponseDefaults
{
    /// <summary>Prompts that do not fit are refused.</summary>
    public const string Truncation = "disabled";

    /// <summary>No tools.</summary>
    public static JsonElement EmptyArray { get; } = JsonElement.Parse("[]");

    /// <summary>The model decides whether to call.</summary>
    public static JsonElement Auto { get; } = JsonElement.Parse("\"auto\"");

    /// <summary>An answer in any form.</summary>
    public static JsonElement PlainText { get; } = JsonElement.Parse("""{"format":{"type":"text"}}""");
}
