using System.Text.Json;
using Ollama.Platform.Api.GoJson;
using Ollama.Platform.Contracts.Models;

namespace Ollama.Platform.Api.OpenAi.Requests;

/// <summary>Reads <c>tool_choice</c>: a word, or an object that names one function or those that are allowed.</summary>
internal static class ToolChoiceReader
{
    private const string Expected =
        "tool_choice must be \"none\", \"auto\", \"required\" or an object that names a function";

    /// <summary>Reads the field.</summary>
    /// <exception cref="Contracts.Errors.ModelException">The value has no meaning.</exception>
    public static ToolChoiceSetting Read(GoField field) => field.Value.ValueKind switch
    {
        JsonValueKind.Null => ToolChoiceSetting.Auto,
        JsonValueKind.String => ReadWord(field.Value.GetString()!),
        JsonValueKind.Object => ReadObject(field.Value),
        _ => throw GoJsonErrors.Refuse(Expected),
    };

    private static ToolChoiceSetting ReadWord(string word) => word switch
    {
        "auto" => ToolChoiceSetting.Auto,
        "none" => ToolChoiceSetting.Auto with { Forbidden = true },
        "required" => ToolChoiceSetting.Auto with { Choice = new ToolChoice { Required = true } },
        _ => throw GoJsonErrors.Refuse(Expected),
    };

    private static ToolChoiceSetting ReadObject(JsonElement choice)
    {
        switch (TextOf(choice, "type"))
        {
            case "function" when NameOf(choice) is { Length: > 0 } name:
                // One function is named for one call.
                return ToolChoiceSetting.Auto with
                {
                    Choice = new ToolChoice { Required = true, Name = name, ManyCalls = false },
                };
            case "allowed_tools":
                // The chat has them in an object of their own.
                return ReadAllowed(
                    choice.TryGetProperty("allowed_tools", out var own) && own.ValueKind == JsonValueKind.Object
                        ? own
                        : choice);
            default:
                throw GoJsonErrors.Refuse(Expected);
        }
    }

    private static ToolChoiceSetting ReadAllowed(JsonElement allowed)
    {
        if (TextOf(allowed, "mode") is not ("auto" or "required") || !allowed.TryGetProperty("tools", out var tools)
            || tools.ValueKind != JsonValueKind.Array)
        {
            throw GoJsonErrors.Refuse(
                "tool_choice: allowed_tools needs a mode, \"auto\" or \"required\", and an array of tools");
        }

        var names = tools.EnumerateArray()
            .Select(tool => NameOf(tool)
                ?? throw GoJsonErrors.Refuse("tool_choice: allowed_tools names functions only"))
            .ToArray();
        return ReadWord(TextOf(allowed, "mode")!) with { Allowed = names };
    }

    // The chat names a function in an object of its own, the responses beside the type.
    private static string? NameOf(JsonElement choice) =>
        choice.ValueKind == JsonValueKind.Object && choice.TryGetProperty("function", out var function)
            ? TextOf(function, "name")
            : TextOf(choice, "name");

    private static string? TextOf(JsonElement value, string name) =>
        value.ValueKind == JsonValueKind.Object && value.TryGetProperty(name, out var text)
        && text.ValueKind == JsonValueKind.String
            ? text.GetString()
            : null;
}
