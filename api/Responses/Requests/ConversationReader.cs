using System.Text.Json;
using Ollama.Platform.Api.GoJson;
using Ollama.Platform.Contracts.Models;

namespace Ollama.Platform.Api.Responses.Requests;

/// <summary>
/// Turns items into the messages of a conversation. Calls that follow one another are one message, and reasoning
/// belongs to the message behind it. Used once, by one task.
/// </summary>
internal sealed class ConversationReader
{
    private readonly List<ChatMessage> _messages = [];
    private string? _thinking;
    private bool _calling;

    /// <summary>The messages so far.</summary>
    public IReadOnlyList<ChatMessage> Messages => _messages;

    /// <summary>Adds what stands in front of the conversation.</summary>
    public void AddInstructions(string text) => _messages.Add(new ChatMessage { Role = "system", Content = text });

    /// <summary>Adds an item.</summary>
    /// <param name="item">The item, in the form that <see cref="InputItems"/> gave it.</param>
    /// <param name="place">Where it stands, for refusals.</param>
    /// <exception cref="Contracts.Errors.ModelException">It cannot be read.</exception>
    public void Add(JsonElement item, string place)
    {
        var type = InputItems.TextOf(item, "type");
        switch (type)
        {
            case "message":
                AddMessage(item, place);
                break;
            case "function_call":
                AddCall(item, place);
                break;
            case "function_call_output":
                AddResult(item, place);
                break;
            case "reasoning":
                _thinking = ReadThinking(item, place) ?? _thinking;
                break;
            case "web_search_call":
                // What the server of another API did; the model's text speaks of it.
                break;
            default:
                throw GoJsonErrors.Refuse($"{place}: unknown input item type: {GoText.Quote(type ?? "")}");
        }
    }

    private void AddMessage(JsonElement item, string place)
    {
        // What OpenAI's newer models call developer is what everyone's templates call system.
        var role = InputItems.TextOf(item, "role", place) switch
        {
            "developer" or "system" => "system",
            "user" => "user",
            "assistant" => "assistant",
            var other => throw GoJsonErrors.Refuse($"{place}: unknown role: {GoText.Quote(other ?? "")}"),
        };
        var (text, images) = PartsReader.Read(item, "content", place);
        _messages.Add(new ChatMessage
        {
            Role = role,
            Content = text,
            Images = images,
            Thinking = role == "assistant" ? TakeThinking() : null,
        });
        _calling = false;
    }

    private void AddCall(JsonElement item, string place)
    {
        var name = InputItems.TextOf(item, "name", place);
        if (string.IsNullOrEmpty(name))
        {
            throw GoJsonErrors.Refuse($"{place}: function_call missing required 'name' field");
        }

        // No arguments are none, however that is written.
        var text = InputItems.TextOf(item, "arguments", place) is { Length: > 0 } sent ? sent : "{}";
        if (!GoJsonBody.TryParseObject(text, out var arguments))
        {
            throw GoJsonErrors.Refuse($"{place}: invalid tool call arguments");
        }

        if (!_calling)
        {
            _messages.Add(new ChatMessage { Role = "assistant", Thinking = TakeThinking() });
            _calling = true;
        }

        var message = _messages[^1];
        var call = new ToolCall
        {
            Id = InputItems.TextOf(item, "call_id", place),
            Index = message.ToolCalls.Count,
            Name = name,
            Arguments = arguments,
        };
        _messages[^1] = message with { ToolCalls = [.. message.ToolCalls, call] };
    }

    private void AddResult(JsonElement item, string place)
    {
        var id = InputItems.TextOf(item, "call_id", place);
        if (string.IsNullOrEmpty(id))
        {
            throw GoJsonErrors.Refuse($"{place}: function_call_output missing required 'call_id' field");
        }

        var (text, images) = PartsReader.Read(item, "output", place);

        // A result of nothing that was called tells that the client has lost a part of the conversation.
        var call = Enumerable.Reverse(_messages).SelectMany(message => message.ToolCalls)
            .FirstOrDefault(call => call.Id == id)
            ?? throw GoJsonErrors.Refuse($"{place}: no function_call has the call_id {GoText.Quote(id)}");
        _messages.Add(new ChatMessage
        {
            Role = "tool",
            Content = text,
            Images = images,
            ToolCallId = id,
            ToolName = call.Name,
        });
        _calling = false;
    }

    // What this server calls encrypted is the text itself; other sources may have sent none.
    private static string? ReadThinking(JsonElement item, string place)
    {
        var encrypted = InputItems.TextOf(item, "encrypted_content", place);
        var parts = ReadThoughts(item, "content", place) ?? ReadThoughts(item, "summary", place);
        return encrypted is { Length: > 0 } ? encrypted : parts;
    }

    private static string? ReadThoughts(JsonElement item, string name, string place)
    {
        if (!item.TryGetProperty(name, out var parts) || parts.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        if (parts.ValueKind != JsonValueKind.Array
            || parts.EnumerateArray().Any(part => InputItems.TextOf(part, "type") is null))
        {
            throw GoJsonErrors.Refuse($"{place}: {name} of reasoning must be an array of parts with a type");
        }

        var joined = string.Join(
            '\n', parts.EnumerateArray().Select(part => InputItems.TextOf(part, "text", place)));
        return joined.Length > 0 ? joined : null;
    }

    private string? TakeThinking()
    {
        var thinking = _thinking;
        _thinking = null;
        return thinking;
    }
}
