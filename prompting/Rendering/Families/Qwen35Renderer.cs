using Ollama.Platform.Contracts.Models;
using Ollama.Platform.Prompting.Rendering.Parts;

namespace Ollama.Platform.Prompting.Rendering.Families;

/// <summary>Qwen 3.5 and its kin: ChatML, tools as JSON before the system text, calls in tags, reasoning.</summary>
/// <param name="keepsReasoning">Every past answer has its reasoning, not only those after the last question.</param>
/// <param name="hasEffort">
/// The 3.8 layout: one system turn from all system messages, headed by how hard to reason.
/// </param>
internal sealed class Qwen35Renderer(bool keepsReasoning, bool hasEffort = false) : IPromptRenderer
{
    private const string Instructions = CallInstructions.Tags;

    private static readonly string[] SystemRoles = ["system", "developer"];

    public string Render(ChatPrompt prompt)
    {
        var messages = prompt.Messages;
        if (hasEffort)
        {
            Check(messages);
        }

        var text = new ChatMl();
        AppendSystem(text, prompt);
        var lastQuery = messages.LastQuery();
        var thinks = !prompt.ThinkingIsOff();
        for (var index = 0; index < messages.Count; index++)
        {
            var message = messages[index];
            switch (message.Role)
            {
                case "user":
                    text.Turn("user", message.WithImages(Qwen3VlRenderer.Image).Trim());
                    break;
                case "system" or "developer" when !hasEffort && index > 0:
                    text.Turn("system", message.Content.Trim());
                    break;
                case "tool":
                    text.Result(messages, index, message.WithImages(Qwen3VlRenderer.Image).Trim());
                    break;
                case "assistant":
                    AppendAnswer(text, messages, index, thinks && (keepsReasoning || index > lastQuery));
                    break;
                default:
                    break;
            }
        }

        return messages.EndsWithAnswer()
            ? text.ToString()
            : text.Open("assistant").Add(thinks ? "<think>\n" : "<think>\n\n</think>\n\n").ToString();
    }

    private static void Check(IReadOnlyList<ChatMessage> messages)
    {
        if (messages.Count == 0)
        {
            throw new TemplateException("the conversation has no messages", 0, 0);
        }

        if (messages.LastQuery() < 0)
        {
            throw new TemplateException("the conversation has no question of the user", 0, 0);
        }

        if (messages.Any(message => SystemRoles.Contains(message.Role) && message.Images.Count > 0))
        {
            throw new TemplateException("a system message cannot hold images", 0, 0);
        }
    }

    private void AppendSystem(ChatMl text, ChatPrompt prompt)
    {
        var first = hasEffort ? prompt.Messages.Join(SystemRoles)
            : prompt.Messages is [{ Role: "system" or "developer" } message, ..] ? message.Content
            : "";
        string[] parts =
        [
            hasEffort ? Effort(prompt.Think) : "",
            prompt.Tools.Count > 0 ? $"{JsonTools.Declare(prompt)}\n\n{Instructions}" : "",
            first.Trim(),
        ];
        var system = string.Join("\n\n", parts.Where(part => part.Length > 0));
        if (system.Length > 0)
        {
            text.Turn("system", system);
        }
    }

    private static string Effort(ThinkSetting? think) => think switch
    {
        null or { Enabled: true, Level: "high" or "max" } => "Reasoning effort: xhigh.",
        { Enabled: true, Level: "low" } => "Reasoning effort: low.",
        _ => "",
    };

    private void AppendAnswer(ChatMl text, IReadOnlyList<ChatMessage> messages, int index, bool thinks)
    {
        var message = messages[index];
        var isOpen = messages.IsPrefill(index);
        var (thinking, content) = (message.Thinking ?? "", message.Content);
        if (thinking.Length == 0 && !hasEffort && ReasoningText.Split(content) is { Thinking: { } embedded } split)
        {
            (thinking, content) = (embedded, split.Answer);
        }

        content = content.Trim();
        text.Open("assistant");
        if (thinks && isOpen && content.Length == 0 && message.ToolCalls.Count == 0)
        {
            // The reasoning is what the model goes on with.
            text.Add("<think>\n").Add(thinking);
        }
        else
        {
            text.Add(thinks ? $"<think>\n{thinking.Trim()}\n</think>\n\n" : "").Add(content);
        }

        foreach (var (call, number) in message.ToolCalls.Select((call, number) => (call, number)))
        {
            text.Add(number > 0 ? "\n" : content.Length > 0 ? "\n\n" : "")
                .Add("<tool_call>\n").Add(TagTools.Call(call)).Add("\n</tool_call>");
        }

        _ = isOpen ? text : text.Close();
    }
}
