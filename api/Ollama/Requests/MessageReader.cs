using System.Text.Json;
using Ollama.Platform.Api.GoJson;
using Ollama.Platform.Contracts.Models;

namespace Ollama.Platform.Api.Ollama.Requests;

/// <summary>Reads <c>messages</c>.</summary>
internal static class MessageReader
{
    /// <summary>The conversation; null when the field is null or of the wrong type, which is noted.</summary>
    /// <exception cref="Contracts.Errors.ModelException">A message has a field of the wrong type.</exception>
    public static IReadOnlyList<ChatMessage>? Read(GoField field) =>
        field.Elements("[]api.Message")?.Select(element => ReadMessage(field, element)).ToArray();

    private static ChatMessage ReadMessage(GoField field, JsonElement element)
    {
        var source = GoObject.Separate(field, element, "Alias");
        var message = new ChatMessage { Role = "" };
        foreach (var part in source.Fields)
        {
            message = part.Name switch
            {
                // Roles are not validated: a template may know one that nobody else does.
                "role" => message with { Role = part.AsString()?.ToLowerInvariant() ?? message.Role },
                "content" => message with { Content = part.AsString() ?? message.Content },
                "thinking" => message with { Thinking = part.AsString() ?? message.Thinking },
                "images" => message with { Images = part.AsImages() ?? [] },
                "tool_calls" => message with { ToolCalls = ReadCalls(part) },
                "tool_name" => message with { ToolName = part.AsString() ?? message.ToolName },
                "tool_call_id" => message with { ToolCallId = part.AsString() ?? message.ToolCallId },
                _ => message,
            };
        }

        source.Errors.ThrowIfAny();
        return message;
    }

    private static ToolCall[] ReadCalls(GoField field) =>
        field.Elements("[]api.ToolCall")?.Select(element => ReadCall(field, element)).ToArray() ?? [];

    private static ToolCall ReadCall(GoField field, JsonElement element)
    {
        var call = new ToolCall { Name = "", Arguments = EmptyObject.Element };
        foreach (var part in GoObject.Inner(field, element, "ToolCall").Fields)
        {
            call = part.Name switch
            {
                "id" => call with { Id = part.AsString() ?? call.Id },
                "function" => ReadFunction(part, call),
                _ => call,
            };
        }

        return call;
    }

    private static ToolCall ReadFunction(GoField field, ToolCall call)
    {
        foreach (var part in GoObject.Inner(field, field.Value, "ToolCallFunction").Fields)
        {
            call = part.Name switch
            {
                "index" => call with { Index = part.AsInt() ?? call.Index },
                "name" => call with { Name = part.AsString() ?? call.Name },
                "arguments" => call with { Arguments = ReadArguments(part) },
                _ => call,
            };
        }

        return call;
    }

    // An object even where OpenAI's clients send its text: the two dialects differ here.
    private static JsonElement ReadArguments(GoField field) => field.Value.ValueKind switch
    {
        JsonValueKind.Object => field.Value,
        JsonValueKind.Null => EmptyObject.Element,
        _ => throw GoJsonErrors.Refuse(field.Mismatch(field.Value, "api.ToolCallFunctionArguments")),
    };
}
