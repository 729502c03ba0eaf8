using Ollama.Platform.Api.GoJson;
using Ollama.Platform.Contracts.Models;

namespace Ollama.Platform.Api.Anthropic.Requests;

/// <summary>Reads <c>thinking</c>. The budget is read and does not count: models have none.</summary>
internal static class ThinkingReader
{
    /// <summary>Null for a type that leaves thinking to the model, such as <c>adaptive</c>.</summary>
    /// <exception cref="Contracts.Errors.ModelException">A field has the wrong type.</exception>
    public static ThinkSetting? Read(GoField field)
    {
        var source = GoObject.Separate(field, field.Value, "ThinkingConfig");
        var type = "";
        foreach (var part in source.Fields)
        {
            switch (part.Name)
            {
                case "type":
                    type = part.AsString() ?? type;
                    break;
                case "budget_tokens":
                    part.AsInt();
                    break;
                default:
                    break;
            }
        }

        source.Errors.ThrowIfAny();
        return type switch
        {
            "enabled" => new ThinkSetting(true, null),
            "disabled" => new ThinkSetting(false, null),
            _ => null,
        };
    }
}
