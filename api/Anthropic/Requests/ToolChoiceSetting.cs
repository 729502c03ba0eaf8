using Ollama.Platform.Api.GoJson;
using Ollama.Platform.Contracts.Models;

namespace Ollama.Platform.Api.Anthropic.Requests;

/// <summary>What <c>tool_choice</c> asks for.</summary>
/// <param name="Forbidden">The model may not call a tool, so none is shown to it.</param>
/// <param name="Choice">What it may or must call; null leaves that to the model.</param>
internal sealed record ToolChoiceSetting(bool Forbidden, ToolChoice? Choice)
{
    /// <summary>What holds when nothing is said.</summary>
    public static ToolChoiceSetting Auto { get; } = new(false, null);

    /// <summary>Reads the field.</summary>
    /// <exception cref="Contracts.Errors.ModelException">The value has no meaning.</exception>
    public static ToolChoiceSetting Read(GoField field)
    {
        var source = GoObject.Separate(field, field.Value, "ToolChoice");
        var (type, name, manyCalls) = (field.IsNull ? "auto" : "", "", true);
        foreach (var part in source.Fields)
        {
            switch (part.Name)
            {
                case "type":
                    type = part.AsString() ?? type;
                    break;
                case "name":
                    name = part.AsString() ?? name;
                    break;
                case "disable_parallel_tool_use":
                    manyCalls = part.AsBool() is not true;
                    break;
                default:
                    break;
            }
        }

        source.Errors.ThrowIfAny();
        return type switch
        {
            "none" => Auto with { Forbidden = true },
            "auto" => manyCalls ? Auto : Auto with { Choice = new ToolChoice { ManyCalls = false } },
            "any" => Auto with { Choice = new ToolChoice { Required = true, ManyCalls = manyCalls } },
            "tool" when name.Length == 0 => throw GoJsonErrors.Refuse("tool_choice: type \"tool\" needs a name"),
            // One tool is named for one call.
            "tool" => Auto with { Choice = new ToolChoice { Required = true, Name = name, ManyCalls = false } },
            _ => throw GoJsonErrors.Refuse("tool_choice: type must be \"auto\", \"any\", \"tool\" or \"none\""),
        };
    }
}
