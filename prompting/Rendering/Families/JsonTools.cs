using System.Text;
using Ollama.Platform.Contracts.Models;
using Ollama.Platform.Prompting.Rendering.Parts;

namespace Ollama.Platform.Prompting.Rendering.Families;

/// <summary>Writes the tools as one line of JSON each, and calls as JSON between tags.</summary>
internal static class JsonTools
{
    /// <summary>Declares the tools, from the heading to <c>&lt;/tools&gt;</c>.</summary>
    public static string Declare(ChatPrompt prompt)
    {
        var text = new StringBuilder($"# Tools\n\n{CallInstructions.Lead}\n\n<tools>");
        foreach (var tool in prompt.Tools)
        {
            text.Append('\n').Append(PromptJson.Write(tool.Definition, JsonStyle.Spacious, ToolPart.Tool));
        }

        return text.Append("\n</tools>").ToString();
    }

    /// <summary>A whole call with its tags.</summary>
    public static string Call(ToolCall call) =>
        $"<tool_call>\n{{\"name\": {PromptJson.Write(call.Name, JsonStyle.Spacious)}, \"arguments\": "
        + $"{PromptJson.Write(call.Arguments, JsonStyle.Spacious)}}}\n</tool_call>";
}
