using System.Text.Json;
using Ollama.Platform.Api.GoJson;
using Ollama.Platform.Contracts.Models;

namespace Ollama.Platform.Api.Anthropic.Requests;

/// <summary>Reads <c>messages</c>.</summary>
internal sealed class ConversationReader
{
    // A result names its call only; templates also want the tool's name.
    private readonly Dictionary<string, string> _toolNames = [];

    /// <summary>The conversation; empty when the field is null or of the wrong type, which is noted.</summary>
    /// <exception cref="Contracts.Errors.ModelException">A message cannot be read.</exception>
    public static IReadOnlyList<ChatMessage> Read(GoField field)
    {
        var reader = new ConversationReader();
        return field.Elements("[]anthropic.MessageParam")?
            .SelectMany((element, index) => reader.ReadMessage(field, element, index)).ToArray() ?? [];
    }

    private IEnumerable<ChatMessage> ReadMessage(GoField field, JsonElement element, int index)
    {
        var source = GoObject.Separate(field, element, "MessageParam");
        var (role, content) = ("", default(GoField));
        foreach (var part in source.Fields)
        {
            switch (part.Name)
            {
                case "role":
                    role = part.AsString()?.ToLowerInvariant() ?? role;
                    break;
                case "content":
                    content = part;
                    break;
                default:
                    break;
            }
        }

        source.Errors.ThrowIfAny();
        if (role is not ("user" or "assistant" or "system"))
        {
            throw GoJsonErrors.Refuse($"messages.{index}.role: must be \"user\" or \"assistant\"");
        }

        return content.Value.ValueKind switch
        {
            JsonValueKind.String => [new ChatMessage { Role = role, Content = content.Value.GetString()! }],
            JsonValueKind.Array => MessageBlocks.Read(role, content, _toolNames),
            _ => throw GoJsonErrors.Refuse(
                $"messages.{index}.content: must be a string or an array of content blocks"),
        };
    }
}
