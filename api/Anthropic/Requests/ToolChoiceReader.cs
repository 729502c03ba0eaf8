using Ollama.Platform.Api.GoJson;

namespace Ollama.Platform.Api.Anthropic.Requests;

/// <summary>Reads <c>tool_choice</c>. What nothing would enforce is refused, since the client relies on it.</summary>
internal static class ToolChoiceReader
{
    /// <summary>The model may not call a tool, so none is shown to it.</summary>
    /// <exception cref="Contracts.Errors.ModelException">A call is demanded, or the value has no meaning.</exception>
    public static bool ForbidsTools(GoField field)
    {
        var source = GoObject.Separate(field, field.Value, "ToolChoice");
        var type = field.IsNull ? "auto" : "";
        foreach (var part in source.Fields)
        {
            switch (part.Name)
            {
                case "type":
                    type = part.AsString() ?? type;
                    break;
                case "disable_parallel_tool_use" when part.AsBool() is true:
                    throw GoJsonErrors.Refuse(
                        "tool_choice: disable_parallel_tool_use is not supported by this server");
                default:
                    break;
            }
        }

        source.Errors.ThrowIfAny();
        return type switch
        {
            "auto" => false,
            "none" => true,
            "any" or "tool" => throw GoJsonErrors.Refuse(
                $"tool_choice: type \"{type}\" is not supported by this server; use \"auto\" or \"none\""),
            _ => throw GoJsonErrors.Refuse("tool_choice: type must be \"auto\", \"any\", \"tool\" or \"none\""),
        };
    }
}
