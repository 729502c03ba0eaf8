using System.Text.Json;
using Ollama.Platform.Prompting.Jinja;
using Ollama.Platform.Prompting.Jinja.Values;

namespace Ollama.Platform.UnitTests.Prompting.Jinja;

/// <summary>Renders templates with variables given as JSON.</summary>
internal static class TemplateSample
{
    /// <summary>The variables that tests of the language find.</summary>
    private const string Variables = """
        {
          "s": "Hello World", "l": [3, 1, 2], "d": {"b": 1, "a": 2}, "n": 5, "f": 2.5, "no": null, "t": true, "e": "",
          "u8": "a😀é", "w": "  x \n",
          "m": [
            {"role": "user", "content": "hi", "n": {"x": 1}},
            {"role": "assistant", "content": "yo", "n": {"x": 2}}
          ],
          "items": [{"k": "b", "v": 2}, {"k": "A", "v": 1}, {"k": "c"}]
        }
        """;

    public static DateTimeOffset Now { get; } = new(2026, 11, 3, 14, 5, 9, TimeSpan.Zero);

    public static string Render(string template) =>
        JinjaTemplate.Parse(template).Render(Read(Variables), Now, TestContext.Current.CancellationToken);

    public static string Render(string template, JinjaLimits limits) =>
        JinjaTemplate.Parse(template).Render(
            Read(Variables), Now, limits, TestContext.Current.CancellationToken);

    /// <summary>Renders a conversation, all parts of which are JSON.</summary>
    public static string Render(
        string template, string messages, string? tools = null, bool generate = true, string extra = "{}",
        JinjaLimits? limits = null)
    {
        var variables = Read(extra);
        variables["messages"] = Value(messages);
        variables["bos_token"] = JinjaValue.From("<s>");
        variables["eos_token"] = JinjaValue.From("</s>");
        if (tools is not null)
        {
            variables["tools"] = Value(tools);
        }

        if (generate)
        {
            variables["add_generation_prompt"] = JinjaValue.True;
        }

        return JinjaTemplate.Parse(template).Render(
            variables, Now, limits ?? JinjaLimits.Default, TestContext.Current.CancellationToken);
    }

    private static Dictionary<string, JinjaValue> Read(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.EnumerateObject()
            .ToDictionary(property => property.Name, property => JinjaValue.FromJson(property.Value));
    }

    private static JinjaValue Value(string json)
    {
        using var document = JsonDocument.Parse(json);
        return JinjaValue.FromJson(document.RootElement);
    }
}
