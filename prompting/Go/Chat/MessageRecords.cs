using Ollama.Platform.Contracts.Models;
using Ollama.Platform.Prompting.Go.Values;

namespace Ollama.Platform.Prompting.Go.Chat;

/// <summary>Messages as templates see them.</summary>
internal static class MessageRecords
{
    private static readonly GoRecordType Message = new(
        "*template.templateMessage", GoNotation.Go,
        [
            new("Role", "Role"), new("Content", "Content"), new("Thinking", "Thinking"), new("Images", "Images"),
            new("ToolCalls", "ToolCalls"), new("ToolName", "ToolName"), new("ToolCallID", "ToolCallID"),
        ]);

    /// <summary>Makes messages of one role in a row one message; results of tools stay apart.</summary>
    public static IReadOnlyList<ChatMessage> Collate(IReadOnlyList<ChatMessage> messages)
    {
        var collated = new List<ChatMessage>();
        for (var start = 0; start < messages.Count;)
        {
            var end = start + 1;
            while (end < messages.Count && messages[end].Role == messages[start].Role && messages[end].Role != "tool")
            {
                end++;
            }

            collated.Add(end == start + 1 ? messages[start] : messages[start] with
            {
                Content = string.Join(
                    "\n\n", messages.Skip(start).Take(end - start).Select(message => message.Content)),
            });
            start = end;
        }

        return collated;
    }

    public static GoList Of(IReadOnlyList<ChatMessage> messages) =>
        new("[]*template.templateMessage", [.. messages.Select(Of)]);

    private static GoRecord Of(ChatMessage message) => new(
        Message,
        new GoString(message.Role),
        new GoString(message.Content),
        new GoString(message.Thinking ?? ""),
        new GoList(
            "[]api.ImageData",
            message.Images.Count == 0 ? null : [.. message.Images.Select(image => new GoBytes(image))]),
        new GoList(
            "[]template.templateToolCall",
            message.ToolCalls.Count == 0 ? null : [.. message.ToolCalls.Select(ToolRecords.Of)]),
        new GoString(message.ToolName ?? ""),
        new GoString(message.ToolCallId ?? ""));
}
