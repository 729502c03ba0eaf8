using System.Text;
using System.Text.Json;
using Ollama.Platform.Prompting.Rendering.Parts;

namespace Ollama.Platform.Prompting.Rendering.Families;

/// <summary>Writes the tools as nested tags, and calls with a tag around each value.</summary>
internal static class TagTools
{
    private static readonly HashSet<string> Written = ["name", "type", "description"];

    /// <summary>Declares the tools, from <c>&lt;tools&gt;</c> to <c>&lt;/tools&gt;</c>.</summary>
    /// <param name="prompt">Holds the tools.</param>
    /// <param name="isPython">True, false and null as Python spells them.</param>
    public static string Declare(ChatPrompt prompt, bool isPython)
    {
        var text = new StringBuilder("<tools>");
        foreach (var tool in prompt.Views())
        {
            text.Append("\n<function>\n<name>").Append(tool.Name).Append("</name>");
            if (tool.Description.Length > 0)
            {
                text.Append("\n<description>").Append(tool.Description.Trim()).Append("</description>");
            }

            text.Append("\n<parameters>");
            foreach (var (name, schema) in tool.Properties)
            {
                text.Append("\n<parameter>\n<name>").Append(name).Append("</name>");
                AppendSchema(text, schema, isPython);
                text.Append("\n</parameter>");
            }

            AppendRest(text, tool.Parameters, ["type", "properties"], isPython);
            text.Append("\n</parameters>\n</function>");
        }

        return text.Append("\n</tools>").ToString();
    }

    /// <summary>The tags of a call, from <c>&lt;function=</c> to <c>&lt;/function&gt;</c>.</summary>
    public static string Call(Contracts.Models.ToolCall call)
    {
        var text = new StringBuilder("<function=").Append(call.Name).Append('>');
        foreach (var (name, value) in call.Entries())
        {
            text.Append("\n<parameter=").Append(name).Append(">\n")
                .Append(History.PlainText(value, JsonStyle.Compact)).Append("\n</parameter>");
        }

        return text.Append("\n</function>").ToString();
    }

    private static void AppendSchema(StringBuilder text, JsonElement schema, bool isPython)
    {
        if (ToolView.TypesOf(schema) is { Count: > 0 } types)
        {
            text.Append("\n<type>")
                .Append(types.Count == 1 ? types[0] : PromptJson.Write(schema.GetProperty("type"), JsonStyle.Compact))
                .Append("</type>");
        }

        if (ToolView.TextOf(schema, "description") is { Length: > 0 } description)
        {
            text.Append("\n<description>").Append(description.Trim()).Append("</description>");
        }

        AppendRest(text, schema, Written, isPython);
    }

    private static void AppendRest(
        StringBuilder text, JsonElement? schema, IReadOnlyCollection<string> written, bool isPython)
    {
        if (schema is not { ValueKind: JsonValueKind.Object } entries)
        {
            return;
        }

        foreach (var entry in entries.EnumerateObject())
        {
            var name = PromptJson.NameOf(entry);
            if (!written.Contains(name) && entry.Value.ValueKind != JsonValueKind.Null)
            {
                text.Append("\n<").Append(name).Append('>').Append(ValueOf(entry.Value, isPython))
                    .Append("</").Append(name).Append('>');
            }
        }
    }

    private static string ValueOf(JsonElement value, bool isPython) => value.ValueKind switch
    {
        JsonValueKind.True when isPython => "True",
        JsonValueKind.False when isPython => "False",
        _ => History.PlainText(value, JsonStyle.Compact),
    };
}
