using System.Text.Json;
using Ollama.Platform.Api.GoJson;
using Ollama.Platform.Contracts.Models;

namespace Ollama.Platform.Api.Ollama.Requests;

/// <summary>The body of <c>/api/chat</c>.</summary>
internal sealed class ChatBody
{
    /// <summary>What it shares with <c>/api/generate</c>.</summary>
    public GenerationSettings Settings { get; } = new();

    /// <summary>The conversation; empty loads or unloads the model.</summary>
    public IReadOnlyList<ChatMessage> Messages { get; private set; } = [];

    /// <summary>The functions that the model may call.</summary>
    public IReadOnlyList<ToolDefinition> Tools { get; private set; } = [];

    /// <summary>Reads a parsed body.</summary>
    /// <exception cref="Contracts.Errors.ModelException">A field is wrong.</exception>
    public static ChatBody Read(JsonElement root)
    {
        var body = new ChatBody();
        var source = GoObject.Root(root, "ChatRequest");
        foreach (var field in source.Fields)
        {
            switch (field.Name)
            {
                case "messages":
                    body.Messages = MessageReader.Read(field) ?? [];
                    break;
                case "tools":
                    body.Tools = ToolReader.Read(field) ?? [];
                    break;
                default:
                    body.Settings.Set(field);
                    break;
            }
        }

        source.Errors.ThrowIfAny();
        return body;
    }
}
