using System.Text.Json;
using Ollama.Platform.Contracts.Models;
using Ollama.Platform.Prompting.Rendering;

namespace Ollama.Platform.UnitTests.Prompting.Rendering;

/// <summary>Templates and messages that the tests share.</summary>
internal static class Conversations
{
    public static ToolDefinition Weather { get; } = Tool(
        """
        {"type": "function", "function": {"name": "get_weather", "description": "Get the weather <now>", "parameters":
        {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}}}
        """);

    public static ChatFormat Format(string name)
    {
        using var stream = typeof(Conversations).Assembly.GetManifestResourceStream(name)!;
        using var reader = new StreamReader(stream);
        return ChatFormat.FromJinja(reader.ReadToEnd());
    }

    public static ChatPrompt Prompt(params ChatMessage[] messages) =>
        new() { Messages = messages, Now = new(2026, 3, 4, 5, 6, 7, TimeSpan.Zero) };

    public static ChatMessage User(string content) => new() { Role = "user", Content = content };

    public static ChatMessage SystemText(string content) => new() { Role = "system", Content = content };

    public static ChatMessage Assistant(string content, params ToolCall[] calls) =>
        new() { Role = "assistant", Content = content, ToolCalls = calls };

    public static ChatMessage Result(string content) => new() { Role = "tool", Content = content };

    public static ToolCall Call(string name, string arguments)
    {
        using var document = JsonDocument.Parse(arguments);
        return new() { Name = name, Arguments = document.RootElement.Clone() };
    }

    public static ToolDefinition Tool(string json)
    {
        using var document = JsonDocument.Parse(json);
        var definition = document.RootElement.Clone();
        return new()
        {
            Name = definition.GetProperty("function").GetProperty("name").GetString()!,
            Definition = definition,
        };
    }
}
