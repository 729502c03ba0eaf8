using System.Text.Json;
using Ollama.Platform.Api.GoJson;
using Ollama.Platform.Contracts.Models;

namespace Ollama.Platform.Api.Ollama.Requests;

/// <summary>Reads <c>think</c>: a bool or one of four levels.</summary>
internal static class ThinkReader
{
    private const string Allowed = "\"high\", \"medium\", \"low\", \"max\", true, or false";

    /// <summary>Null for JSON null, which leaves thinking to the model.</summary>
    /// <exception cref="Contracts.Errors.ModelException">The value is none of those.</exception>
    public static ThinkSetting? Read(GoField field) => field.Value.ValueKind switch
    {
        JsonValueKind.Null => null,
        JsonValueKind.True => new ThinkSetting(true, null),
        JsonValueKind.False => new ThinkSetting(false, null),
        JsonValueKind.String => FromLevel(field.Value.GetString()!),
        _ => throw GoJsonErrors.Refuse($"think must be a boolean or string ({Allowed})"),
    };

    private static ThinkSetting FromLevel(string level) =>
        level is "high" or "medium" or "low" or "max"
            ? new ThinkSetting(true, level)
            : throw GoJsonErrors.Refuse($"invalid think value: {GoText.Quote(level)} (must be {Allowed})");
}
