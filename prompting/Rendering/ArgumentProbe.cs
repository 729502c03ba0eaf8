using System.Text.Json;
using Ollama.Platform.Contracts.Models;
using Ollama.Platform.Prompting.Jinja;

namespace Ollama.Platform.Prompting.Rendering;

/// <summary>
/// Finds out what form of arguments a template expects by rendering a small conversation with a call. A template that
/// wants text fails on a dictionary, or prints it in Python's notation, which no model has learned to write.
/// </summary>
internal static class ArgumentProbe
{
    private const string Key = "probe_key";

    public static ArgumentForm Find(JinjaTemplate template)
    {
        var asObject = TryRender(template, ArgumentForm.Object);
        if (asObject is not null && !asObject.Contains($"'{Key}'", StringComparison.Ordinal))
        {
            return ArgumentForm.Object;
        }

        return TryRender(template, ArgumentForm.Text) is null ? ArgumentForm.Object : ArgumentForm.Text;
    }

    private static string? TryRender(JinjaTemplate template, ArgumentForm form)
    {
        var prompt = Conversation();
        try
        {
            return template.Render(PromptVariables.Of(prompt, prompt.Messages, form), prompt.Now, default);
        }
        catch (TemplateException)
        {
            return null;
        }
    }

    private static ChatPrompt Conversation()
    {
        using var arguments = JsonDocument.Parse($$"""{"{{Key}}":"value"}""");
        using var tool = JsonDocument.Parse(
            """
            {"type":"function","function":{"name":"probe","description":"A probe.",
             "parameters":{"type":"object","properties":{}}}}
            """);

        // Some templates insist on ids of nine letters and digits.
        const string Id = "abcdef123";
        var call = new ToolCall { Id = Id, Name = "probe", Arguments = arguments.RootElement.Clone() };
        return new()
        {
            Messages =
            [
                new() { Role = "user", Content = "question" },
                new() { Role = "assistant", ToolCalls = [call] },
                new() { Role = "tool", Content = "result", ToolName = "probe", ToolCallId = Id },
            ],
            Tools = [new() { Name = "probe", Definition = tool.RootElement.Clone() }],
            Now = DateTimeOffset.UnixEpoch,
        };
    }
}
