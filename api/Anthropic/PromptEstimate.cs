using Ollama.Platform.Contracts.Models;

namespace Ollama.Platform.Api.Anthropic;

/// <summary>
/// Guesses the size of a prompt for the event that begins a stream, as Ollama does. The events at its end have the
/// true numbers; counting first would hold the first token up.
/// </summary>
internal static class PromptEstimate
{
    private const int CharactersPerToken = 4;

    /// <summary>About how many tokens the texts of a request have; at least one.</summary>
    public static int Tokens(GenerationRequest request)
    {
        var length = request.Messages.Sum(LengthOf)
            + request.Tools.Sum(tool => tool.Definition.GetRawText().Length);
        return Math.Max(1, length / CharactersPerToken);
    }

    private static int LengthOf(ChatMessage message) =>
        message.Content.Length + (message.Thinking?.Length ?? 0)
        + message.ToolCalls.Sum(call => call.Name.Length + call.Arguments.GetRawText().Length);
}
