using Ollama.Platform.Contracts.Library;
using Ollama.Platform.Contracts.Models;
using Ollama.Platform.Prompting.Rendering;

namespace Ollama.Platform.Silo.Models;

/// <summary>Puts the model's own system text and messages in front of a request's. Pure.</summary>
internal static class Conversation
{
    private const string SystemRole = "system";

    /// <summary>The messages that the template sees.</summary>
    public static IReadOnlyList<ChatMessage> Of(GenerationRequest request, ModelDescription model) =>
        request.Kind == GenerationKind.Chat ? OfChat(request, model) : OfCompletion(request, model);

    private static IReadOnlyList<ChatMessage> OfChat(GenerationRequest request, ModelDescription model)
    {
        List<ChatMessage> messages = [];
        if (model.System is { Length: > 0 } system && request.Messages is not [{ Role: SystemRole }, ..])
        {
            messages.Add(new ChatMessage { Role = SystemRole, Content = system });
        }

        messages.AddRange(model.Messages);
        messages.AddRange(request.Messages);
        return ThinkingHistory.AppliesTo(model.Details.Family, model.Name.Model)
            ? ThinkingHistory.Strip(messages)
            : messages;
    }

    private static List<ChatMessage> OfCompletion(GenerationRequest request, ModelDescription model)
    {
        List<ChatMessage> messages = [];
        if ((request.System ?? model.System) is { Length: > 0 } system)
        {
            messages.Add(new ChatMessage { Role = SystemRole, Content = system });
        }

        // A context already holds an earlier exchange, the model's messages included.
        if (request.Context.Count == 0)
        {
            messages.AddRange(model.Messages);
        }

        messages.Add(new ChatMessage { Role = "user", Content = request.Prompt, Images = request.Images });
        return messages;
    }
}
