using System.Text;
using System.Text.Json;
using Ollama.Platform.Contracts.Models;

namespace Ollama.Platform.Prompting.Rendering.Parts;

/// <summary>What renderers ask of a conversation.</summary>
internal static class History
{
    private const string ResponseOpen = "<tool_response>";
    private const string ResponseClose = "</tool_response>";

    /// <summary>The model thinks in this request.</summary>
    public static bool Thinks(this ChatPrompt prompt) => prompt.Think is { Enabled: true };

    /// <summary>The client asked the model not to think.</summary>
    public static bool ThinkingIsOff(this ChatPrompt prompt) => prompt.Think is { Enabled: false };

    /// <summary>Index of the last message of the user; -1 for none.</summary>
    public static int LastUser(this IReadOnlyList<ChatMessage> messages) =>
        messages.LastOf(message => message.Role == "user");

    /// <summary>Index of the last message of the assistant; -1 for none.</summary>
    public static int LastAnswer(this IReadOnlyList<ChatMessage> messages) =>
        messages.LastOf(message => message.Role == "assistant");

    /// <summary>
    /// Index of the last question: a message of the user that is more than a tool's result written by hand; -1 for
    /// none.
    /// </summary>
    public static int LastQuery(this IReadOnlyList<ChatMessage> messages) =>
        messages.LastOf(message => message.Role == "user" && !IsResult(message.Content));

    /// <summary>The assistant's turn at the end stays open, for the model to go on with.</summary>
    public static bool IsPrefill(this IReadOnlyList<ChatMessage> messages, int index) =>
        index == messages.Count - 1 && messages[index].Role == "assistant";

    /// <summary>The last message is the assistant's.</summary>
    public static bool EndsWithAnswer(this IReadOnlyList<ChatMessage> messages) =>
        messages is [.., { Role: "assistant" }];

    /// <summary>The first result of a group of results.</summary>
    public static bool BeginsResults(this IReadOnlyList<ChatMessage> messages, int index) =>
        messages[index].Role == "tool" && (index == 0 || messages[index - 1].Role != "tool");

    /// <summary>The last result of a group of results.</summary>
    public static bool EndsResults(this IReadOnlyList<ChatMessage> messages, int index) =>
        messages[index].Role == "tool" && (index == messages.Count - 1 || messages[index + 1].Role != "tool");

    /// <summary>The system text where only the first counts; empty for none.</summary>
    public static string FirstSystem(this IReadOnlyList<ChatMessage> messages) =>
        messages.FirstOrDefault(message => message.Role == "system")?.Content ?? "";

    /// <summary>All texts of the given roles, as paragraphs of one.</summary>
    public static string Join(this IEnumerable<ChatMessage> messages, params IReadOnlyCollection<string> roles) =>
        string.Join("\n\n", messages.Where(message => roles.Contains(message.Role)).Select(message => message.Content));

    /// <summary>The tools as renderers walk them.</summary>
    public static IEnumerable<ToolView> Views(this ChatPrompt prompt) =>
        prompt.Tools.Select(tool => new ToolView(tool));

    /// <summary>The content with the family's mark for each image in front.</summary>
    public static string WithImages(this ChatMessage message, string mark) =>
        message.Images.Count == 0
            ? message.Content
            : new StringBuilder().Insert(0, mark, message.Images.Count).Append(message.Content).ToString();

    /// <summary>The arguments in the order in which they were written; none when they are no object.</summary>
    public static IEnumerable<(string Name, JsonElement Value)> Entries(this ToolCall call) =>
        call.Arguments.ValueKind == JsonValueKind.Object
            ? call.Arguments.EnumerateObject().Select(entry => (PromptJson.NameOf(entry), entry.Value))
            : [];

    /// <summary>The arguments sorted by name, for families that were trained on sorted ones.</summary>
    public static IEnumerable<(string Name, JsonElement Value)> SortedEntries(this ToolCall call) =>
        call.Entries().OrderBy(entry => entry.Name, StringComparer.Ordinal);

    /// <summary>An argument as plain text: texts as they are, everything else as JSON.</summary>
    public static string PlainText(JsonElement value, JsonStyle style) =>
        value.ValueKind == JsonValueKind.String ? PromptJson.TextOf(value) : PromptJson.Write(value, style);

    private static int LastOf(this IReadOnlyList<ChatMessage> messages, Func<ChatMessage, bool> matches)
    {
        var index = messages.Count - 1;
        while (index >= 0 && !matches(messages[index]))
        {
            index--;
        }

        return index;
    }

    private static bool IsResult(string content)
    {
        var text = content.AsSpan().Trim();
        return text.StartsWith(ResponseOpen, StringComparison.Ordinal)
            && text.EndsWith(ResponseClose, StringComparison.Ordinal);
    }
}
