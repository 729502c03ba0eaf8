using System.Text.Json;
using Ollama.Platform.Api.GoJson;
using Ollama.Platform.Contracts.Errors;
using Ollama.Platform.Contracts.Models;

namespace Ollama.Platform.Api.Ollama.Requests;

/// <summary>
/// Reads <c>format</c>. It is read late, right before generating: Ollama finds a bad format only after it has looked
/// the model up.
/// </summary>
internal static class FormatReader
{
    /// <summary>The value is one that can be read.</summary>
    public static bool IsKnown(JsonElement? value) =>
        value?.ValueKind switch
        {
            null or JsonValueKind.Null or JsonValueKind.Object => true,
            JsonValueKind.String => value.Value.ValueEquals("") || value.Value.ValueEquals("json"),
            _ => false,
        };

    /// <summary>Null for an absent field, JSON null and the empty string.</summary>
    /// <exception cref="ModelException">The value is neither <c>"json"</c> nor an object.</exception>
    public static OutputFormat? Read(JsonElement? value, string model) => value?.ValueKind switch
    {
        null or JsonValueKind.Null => null,
        JsonValueKind.Object => new OutputFormat(OutputFormatKind.JsonSchema, value),
        JsonValueKind.String when value.Value.ValueEquals("") => null,
        JsonValueKind.String when value.Value.ValueEquals("json") => new OutputFormat(OutputFormatKind.Json, null),
        _ => throw new ModelException(
            ModelErrorCode.FormatInvalid,
            model,
            $"invalid format: {GoText.Quote(value.Value.GetRawText())}; "
            + "expected \"json\" or a valid JSON Schema object"),
    };
}
