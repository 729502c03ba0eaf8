using System.Text;
using Ollama.Platform.Contracts.Models;
using Ollama.Platform.Prompting.Rendering.Parts;

namespace Ollama.Platform.Prompting.Rendering.Families;

/// <summary>FunctionGemma: Gemma's turns, tools and calls in its own notation.</summary>
internal sealed class FunctionGemmaRenderer : IPromptRenderer
{
    private const string Default = "You are a model that can call these functions:";

    private static readonly MarkedText Notation = new("<escape>", isDetailed: false);

    public string Render(ChatPrompt prompt)
    {
        var messages = prompt.Messages;
        var text = new StringBuilder("<bos>");
        AppendSystem(text, prompt);
        for (var index = 0; index < messages.Count; index++)
        {
            var message = messages[index];
            switch (message.Role)
            {
                case "user":
                    text.Append("<start_of_turn>user\n").Append(message.Content.Trim()).Append("<end_of_turn>\n");
                    break;
                case "tool":
                    text.Append("response:").Append(NameOf(messages, index)).Append("{<escape>")
                        .Append(message.Content).Append("<escape>}<end_function_response>");
                    break;
                case "assistant":
                    AppendAnswer(text, messages, index);
                    break;
                default:
                    break;
            }
        }

        return text.Append(messages is [.., { Role: "tool" }] ? "" : "<start_of_turn>model\n").ToString();
    }

    private static void AppendSystem(StringBuilder text, ChatPrompt prompt)
    {
        var system = prompt.Messages.Join("system", "developer").Trim();
        if (system.Length == 0 && prompt.Tools.Count == 0)
        {
            return;
        }

        text.Append("<start_of_turn>developer\n").Append(system);
        if (prompt.Tools.Count > 0 && system != Default)
        {
            text.Append(system.Length > 0 ? "\n" : "").Append(Default);
        }

        foreach (var tool in prompt.Views())
        {
            text.Append("<start_function_declaration>").Append(Notation.Declare(tool))
                .Append("<end_function_declaration>");
        }

        text.Append("<end_of_turn>\n");
    }

    private static void AppendAnswer(StringBuilder text, IReadOnlyList<ChatMessage> messages, int index)
    {
        var message = messages[index];

        // After a result the model goes on in the turn that made the call.
        var goesOn = index > 0 && messages[index - 1].Role == "tool";
        text.Append(goesOn ? "" : "<start_of_turn>model\n").Append(message.Content.Trim());
        foreach (var call in message.ToolCalls)
        {
            text.Append("<start_function_call>").Append(Notation.Call(call)).Append("<end_function_call>");
        }

        var hasResults = index + 1 < messages.Count && messages[index + 1].Role == "tool";
        text.Append(
            message.ToolCalls.Count > 0 && hasResults ? "<start_function_response>" : "<end_of_turn>\n");
    }

    /// <summary>The name of the call at the same place among those before the results.</summary>
    private static string NameOf(IReadOnlyList<ChatMessage> messages, int index)
    {
        var first = index;
        while (first > 0 && messages[first - 1].Role == "tool")
        {
            first--;
        }

        return messages[index].ToolName is { Length: > 0 } name ? name
            : first > 0 && index - first < messages[first - 1].ToolCalls.Count
                ? messages[first - 1].ToolCalls[index - first].Name
                : "";
    }
}
