using Ollama.Platform.Api.GoJson;
using Ollama.Platform.Contracts.Models;

namespace Ollama.Platform.Api.OpenAi.Requests;

/// <summary>Reads how hard a model is to think.</summary>
internal static class EffortReader
{
    private const string Allowed =
        "\"minimal\", \"low\", \"medium\", \"high\", \"xhigh\", \"ultra\", \"max\", or \"none\"";

    /// <summary>Null for null and the empty text, which leave thinking to the model.</summary>
    /// <exception cref="Contracts.Errors.ModelException">There is no such effort.</exception>
    public static ThinkSetting? Read(string? effort) => effort switch
    {
        null or "" => null,
        "none" => new ThinkSetting(false, null),
        "minimal" => new ThinkSetting(true, "low"),
        "low" or "medium" or "high" or "max" => new ThinkSetting(true, effort),
        "xhigh" or "ultra" => new ThinkSetting(true, "max"),
        _ => throw GoJsonErrors.Refuse($"invalid reasoning value: {GoText.Quote(effort)} (must be {Allowed})"),
    };
}
