using System.Text;
using Ollama.Platform.Contracts.Models;
using Ollama.Platform.Prompting.Rendering.Parts;

namespace Ollama.Platform.Prompting.Rendering.Families;

/// <summary>Glimmer: messages with headers, a recipient for each of the assistant's.</summary>
internal sealed class GlimmerRenderer : IPromptRenderer
{
    private const string Image = "<|patch|>";

    public string Render(ChatPrompt prompt)
    {
        var messages = prompt.Messages;
        var text = new StringBuilder("<|begin_of_text|>");
        Add(text, "system", System(prompt), "<|eot|>");
        for (var index = 0; index < messages.Count; index++)
        {
            var message = messages[index];
            switch (message.Role)
            {
                case "user":
                    Add(text, "user", message.WithImages(Image), "<|eot|>");
                    break;
                case "tool":
                    var name = NameOf(messages, index);
                    Add(
                        text, $"tool {name}",
                        $"<tool_output name=\"{name}\">\n{message.WithImages(Image)}\n</tool_output>",
                        messages.EndsResults(index) ? "<|eot|>" : "<|eom|>");
                    break;
                case "assistant":
                    AppendAnswer(text, message);
                    break;
                default:
                    break;
            }
        }

        return text.Append("<|start|>assistant").ToString();
    }

    private static void Add(StringBuilder text, string header, string body, string end) =>
        text.Append("<|start|>").Append(header).Append("<|message|>").Append(body).Append(end);

    private static string System(ChatPrompt prompt)
    {
        var strength = prompt.Think switch
        {
            { Enabled: false } => "none",
            { Level: { } level } => level,
            _ => "medium",
        };
        var system = prompt.Messages.Join("system", "developer");
        var text = new StringBuilder(system).Append(system.Length > 0 ? "\n\n" : "")
            .Append("Reasoning strength: ").Append(strength).Append('.');
        if (prompt.Tools.Count > 0)
        {
            text.Append("\n\n# Tools\n\n").Append(CallInstructions.Lead).Append('\n');
            foreach (var tool in prompt.Tools)
            {
                text.Append('\n').Append(PromptJson.Write(tool.Definition, JsonStyle.Python, ToolPart.Tool));
            }

            text.Append("\n\nA call is addressed to its function and has this form:\n").Append(
                Call("example_function_name", [("example_parameter", "value")]));
        }

        var recipients = prompt.Tools.Select(tool => tool.Name).Prepend("user").Prepend("self");
        return text.Append("\n\nValid recipients: ").AppendJoin(", ", recipients).Append('.').ToString();
    }

    private static void AppendAnswer(StringBuilder text, ChatMessage message)
    {
        var parts = new List<(string Recipient, string Body)>();
        if (message.Thinking is { Length: > 0 } thinking)
        {
            parts.Add(("self", thinking));
        }

        if (message.Content.Length > 0 || message.ToolCalls.Count == 0)
        {
            parts.Add(("user", message.Content));
        }

        parts.AddRange(
            message.ToolCalls.Select(
                call => (call.Name, Call(
                    call.Name,
                    call.Entries().Select(
                        entry => (entry.Name, History.PlainText(entry.Value, JsonStyle.Python)))))));
        foreach (var (index, (recipient, body)) in parts.Index())
        {
            Add(text, $"assistant to={recipient}", body, index == parts.Count - 1 ? "<|eot|>" : "<|eom|>");
        }
    }

    private static string Call(string name, IEnumerable<(string Name, string Value)> arguments)
    {
        var text = new StringBuilder($"<atem:function_calls>\n<atem:invoke name=\"{name}\">\n");
        foreach (var (argument, value) in arguments)
        {
            text.Append($"<atem:parameter name=\"{argument}\">{value}</atem:parameter>\n");
        }

        return text.Append("</atem:invoke>\n</atem:function_calls>").ToString();
    }

    private static string NameOf(IReadOnlyList<ChatMessage> messages, int index) =>
        messages[index].ToolName is { Length: > 0 } name ? name
        : messages.Take(index).SelectMany(message => message.ToolCalls)
            .LastOrDefault(call => call.Id is not null && call.Id == messages[index].ToolCallId)?.Name ?? "unknown";
}
