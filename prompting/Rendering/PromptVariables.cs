using System.Text.Json;
using Ollama.Platform.Contracts.Models;
using Ollama.Platform.Prompting.Jinja.Values;

namespace Ollama.Platform.Prompting.Rendering;

/// <summary>
/// Makes the variables that a Jinja chat template finds. What the client left out is absent, not null: templates ask
/// whether a name is defined. Values are made anew for each rendering, since a template may change them.
/// </summary>
internal static class PromptVariables
{
    /// <summary>Makes the variables for a prompt that ends where the assistant begins to write.</summary>
    public static Dictionary<string, JinjaValue> Of(
        ChatPrompt prompt, IEnumerable<ChatMessage> messages, ArgumentForm form)
    {
        var variables = new Dictionary<string, JinjaValue>
        {
            ["messages"] = JinjaValue.From(messages.Select(message => Of(message, form)).ToList()),
            ["add_generation_prompt"] = JinjaValue.True,
            ["bos_token"] = JinjaValue.From(prompt.BosToken ?? ""),
            ["eos_token"] = JinjaValue.From(prompt.EosToken ?? ""),
        };
        if (prompt.Tools.Count > 0)
        {
            variables["tools"] = JinjaValue.From(
                prompt.Tools.Select(tool => FromJson(tool.Definition, "a tool")).ToList());
        }

        if (prompt.Think is { } think)
        {
            // Families disagree about the name of the switch.
            variables["enable_thinking"] = JinjaValue.From(think.Enabled);
            variables["thinking"] = JinjaValue.From(think.Enabled);
            if (think.Level is { } level)
            {
                variables["reasoning_effort"] = JinjaValue.From(level);
            }
        }

        return variables;
    }

    private static JinjaValue Of(ChatMessage message, ArgumentForm form)
    {
        var entries = new JinjaDict();
        entries.Set("role", JinjaValue.From(message.Role));

        // Never none: many templates concatenate the content unasked.
        entries.Set("content", JinjaValue.From(message.Content));
        if (!string.IsNullOrEmpty(message.Thinking))
        {
            entries.Set("reasoning_content", JinjaValue.From(message.Thinking));
            entries.Set("thinking", JinjaValue.From(message.Thinking));
        }

        if (message.ToolCalls.Count > 0)
        {
            entries.Set("tool_calls", JinjaValue.From(message.ToolCalls.Select(call => Of(call, form)).ToList()));
        }

        if (message.ToolName is not null)
        {
            entries.Set("name", JinjaValue.From(message.ToolName));
            entries.Set("tool_name", JinjaValue.From(message.ToolName));
        }

        if (message.ToolCallId is not null)
        {
            entries.Set("tool_call_id", JinjaValue.From(message.ToolCallId));
        }

        return JinjaValue.From(entries);
    }

    private static JinjaValue Of(ToolCall call, ArgumentForm form)
    {
        var arguments = FromJson(call.Arguments, "the arguments of a call");
        var function = new JinjaDict();
        function.Set("name", JinjaValue.From(call.Name));
        function.Set(
            "arguments",
            form == ArgumentForm.Object ? arguments : JinjaValue.From(call.Arguments.GetRawText()));

        var entries = new JinjaDict();
        entries.Set("type", JinjaValue.From("function"));
        if (call.Id is not null)
        {
            entries.Set("id", JinjaValue.From(call.Id));
        }

        entries.Set("function", JinjaValue.From(function));
        return JinjaValue.From(entries);
    }

    // Half of an escaped surrogate pair passes every JSON reader and fails only where the text is wanted: here.
    private static JinjaValue FromJson(JsonElement element, string what)
    {
        try
        {
            return JinjaValue.FromJson(element);
        }
        catch (InvalidOperationException)
        {
            throw new TemplateException($"{what} holds a text that is not valid Unicode", 0, 0);
        }
    }
}
