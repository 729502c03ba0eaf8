using System.Text.Json;
using Ollama.Platform.Api.GoJson;
using Ollama.Platform.Contracts.Models;

namespace Ollama.Platform.Api.OpenAi.Requests;

/// <summary>Reads <c>messages</c>.</summary>
internal static class ChatMessageReader
{
    // Between the texts of one message: the blank line that Ollama's templates put between messages of one role.
    private const string PartSeparator = "\n\n";

    private static readonly string[] Roles = ["system", "user", "assistant", "tool"];

    /// <summary>The conversation.</summary>
    /// <exception cref="Contracts.Errors.ModelException">A message cannot be read.</exception>
    public static IReadOnlyList<ChatMessage> Read(GoField field)
    {
        var messages = new List<ChatMessage>();
        foreach (var element in field.Elements("[]openai.Message") ?? [])
        {
            messages.Add(ReadMessage(field, element, messages));
        }

        return messages;
    }

    private static ChatMessage ReadMessage(GoField field, JsonElement element, List<ChatMessage> earlier)
    {
        var message = new ChatMessage { Role = "" };
        JsonElement content = default;
        string? name = null;
        foreach (var part in GoObject.Nested(field, element, "Message").Fields)
        {
            switch (part.Name)
            {
                case "role":
                    message = message with { Role = ReadRole(part.AsString()) ?? message.Role };
                    break;
                case "content":
                    content = part.Value;
                    break;
                case "reasoning":
                    message = message with { Thinking = part.AsString() ?? message.Thinking };
                    break;
                case "tool_calls":
                    message = message with { ToolCalls = ReadCalls(part) };
                    break;
                case "tool_call_id":
                    message = message with { ToolCallId = part.AsString() ?? message.ToolCallId };
                    break;
                case "name":
                    name = part.AsString() ?? name;
                    break;
                default:
                    break;
            }
        }

        field.Owner.Errors.ThrowIfAny();
        if (!Roles.Contains(message.Role))
        {
            throw GoJsonErrors.Refuse(
                $"messages[{earlier.Count}].role: must be \"system\", \"developer\", \"user\", \"assistant\" or "
                + $"\"tool\", not {GoText.Quote(message.Role)}");
        }

        if (message.Role == "tool")
        {
            message = message with { ToolName = name ?? FindName(message.ToolCallId, earlier) };
        }

        return ReadContent(content, message);
    }

    // What OpenAI's newer models call developer is what everyone's templates call system, and results had a role of
    // their own before there were tools.
    private static string? ReadRole(string? role) => role?.ToLowerInvariant() switch
    {
        "developer" => "system",
        "function" => "tool",
        var known => known,
    };

    private static string? FindName(string? callId, List<ChatMessage> earlier) =>
        callId is null
            ? null
            : Enumerable.Reverse(earlier).SelectMany(message => message.ToolCalls)
                .FirstOrDefault(call => call.Id == callId)?.Name;

    private static ChatMessage ReadContent(JsonElement content, ChatMessage message) => content.ValueKind switch
    {
        JsonValueKind.String => message with { Content = content.GetString()! },
        JsonValueKind.Array => ReadParts(content, message),
        JsonValueKind.Null or JsonValueKind.Undefined when message.ToolCalls.Count > 0 => message,
        _ => throw GoJsonErrors.Refuse($"invalid message content type: {GoText.TypeOf(content)}"),
    };

    private static ChatMessage ReadParts(JsonElement parts, ChatMessage message)
    {
        var texts = new List<string>();
        var images = new List<ReadOnlyMemory<byte>>();
        foreach (var part in parts.EnumerateArray())
        {
            switch (TextOf(part, "type"))
            {
                case "text" when TextOf(part, "text") is { } text:
                    texts.Add(text);
                    break;
                case "image_url" when part.TryGetProperty("image_url", out var image):
                    images.Add(ImageUrlReader.Read(
                        image.ValueKind == JsonValueKind.String ? image.GetString() : TextOf(image, "url")));
                    break;
                case "input_audio":
                    throw GoJsonErrors.Refuse("audio input is not supported");
                default:
                    throw GoJsonErrors.Refuse("invalid message format");
            }
        }

        return message with { Content = string.Join(PartSeparator, texts), Images = images };
    }

    private static string? TextOf(JsonElement part, string name) =>
        part.ValueKind == JsonValueKind.Object && part.TryGetProperty(name, out var value)
        && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;

    private static ToolCall[] ReadCalls(GoField field) =>
        field.Elements("[]openai.ToolCall")?.Select(element => ReadCall(field, element)).ToArray() ?? [];

    private static ToolCall ReadCall(GoField field, JsonElement element)
    {
        var call = new ToolCall { Name = "", Arguments = EmptyObject.Element };
        var arguments = "";
        foreach (var part in GoObject.Nested(field, element, "ToolCall").Fields)
        {
            switch (part.Name)
            {
                case "id":
                    call = call with { Id = part.AsString() ?? call.Id };
                    break;
                case "index":
                    call = call with { Index = part.AsInt() ?? call.Index };
                    break;
                case "function":
                    foreach (var inner in GoObject.Nested(part, part.Value, "ToolCall").Fields)
                    {
                        call = inner.Name == "name" ? call with { Name = inner.AsString() ?? call.Name } : call;
                        arguments = inner.Name == "arguments" ? inner.AsString() ?? arguments : arguments;
                    }

                    break;
                default:
                    break;
            }
        }

        field.Owner.Errors.ThrowIfAny();
        return GoJsonBody.TryParseObject(arguments, out var parsed)
            ? call with { Arguments = parsed }
            : throw GoJsonErrors.Refuse("invalid tool call arguments");
    }
}
