using Ollama.Platform.Contracts.Models;
using Ollama.Platform.Prompting.Rendering.Parts;

namespace Ollama.Platform.Prompting.Rendering.Families;

/// <summary>Writes calls as Python does, with the arguments sorted and their values as JSON.</summary>
internal static class PythonCalls
{
    /// <summary><c>f(a="x",b=2)</c>.</summary>
    public static string Write(ToolCall call) => Write(call, ",");

    /// <summary>As <see cref="Write(ToolCall)"/>, with something of the family's between the arguments.</summary>
    public static string Write(ToolCall call, string separator) =>
        $"{call.Name}({string.Join(separator, call.SortedEntries().Select(
            entry => $"{entry.Name}={PromptJson.Write(entry.Value, JsonStyle.Python)}"))})";
}
