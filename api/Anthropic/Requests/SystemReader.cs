using System.Text.Json;
using Ollama.Platform.Api.GoJson;
using Ollama.Platform.Contracts.Models;

namespace Ollama.Platform.Api.Anthropic.Requests;

/// <summary>Reads <c>system</c>: a string, or text blocks that make one text.</summary>
internal static class SystemReader
{
    /// <summary>The message in front of the conversation; none for an empty text.</summary>
    /// <exception cref="Contracts.Errors.ModelException">The value is neither.</exception>
    public static IReadOnlyList<ChatMessage> Read(GoField field)
    {
        var text = field.Value.ValueKind switch
        {
            JsonValueKind.Null => "",
            JsonValueKind.String => field.Value.GetString()!,
            JsonValueKind.Array => string.Concat(
                field.Value.EnumerateArray().Select(block => ContentBlock.Read(field, block).Text)),
            _ => throw GoJsonErrors.Refuse("system: must be a string or an array of text blocks"),
        };
        return text.Length == 0 ? [] : [new ChatMessage { Role = "system", Content = text }];
    }
}
