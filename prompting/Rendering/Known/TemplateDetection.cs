using Ollama.Platform.Contracts.Library;
using Ollama.Platform.Contracts.Models;

namespace Ollama.Platform.Prompting.Rendering.Known;

/// <summary>Finds the known Go template that writes what a model's own template in Jinja writes.</summary>
public static class TemplateDetection
{
    private static readonly ChatMessage Instruction = new() { Role = "system", Content = "Answer in one word." };
    private static readonly ChatMessage Question = new() { Role = "user", Content = "What is red?" };
    private static readonly ChatMessage Answer = new() { Role = "assistant", Content = "A colour." };
    private static readonly ChatMessage Further = new() { Role = "user", Content = "And blue?" };

    private static readonly IReadOnlyList<ChatMessage>[] Plain = [[Question], [Question, Answer, Further]];

    private static readonly IReadOnlyList<ChatMessage>[] WithSystem =
        [[Instruction, Question], [Instruction, Question, Answer, Further]];

    private static readonly Lazy<IReadOnlyList<(KnownTemplate Template, ChatFormat Format)>> Candidates = new(
        () => [.. KnownTemplates.All.Select(known => (known, ChatFormat.FromGo(known.Text)))]);

    /// <summary>The known template; null when the model has no template, one that can do more, or another.</summary>
    public static KnownTemplate? Find(WeightsDescription weights)
    {
        ArgumentNullException.ThrowIfNull(weights);
        if (weights.ChatTemplate is not { } text || TryParse(text) is not { } own
            || own.SupportsTools || own.SupportsThinking)
        {
            return null;
        }

        var plain = Plain.Select(messages => TryRender(own, messages, weights)).ToList();
        var withSystem = WithSystem.Select(messages => TryRender(own, messages, weights)).ToList();
        if (plain.Contains(null))
        {
            return null;
        }

        foreach (var (known, format) in Candidates.Value)
        {
            if (Writes(format, Plain, plain, weights)
                && (known.RefusesSystem
                    ? withSystem.TrueForAll(prompt => prompt is null)
                    : Writes(format, WithSystem, withSystem, weights)))
            {
                return known;
            }
        }

        return null;
    }

    private static bool Writes(
        ChatFormat format, IReadOnlyList<ChatMessage>[] conversations, List<string?> prompts,
        WeightsDescription weights) =>
        conversations.Zip(prompts).All(pair => TryRender(format, pair.First, weights) == pair.Second);

    private static ChatFormat? TryParse(string template)
    {
        try
        {
            return ChatFormat.FromJinja(template);
        }
        catch (TemplateException)
        {
            return null;
        }
    }

    /// <summary>The prompt as the tokenizer gets it; null where the template refuses.</summary>
    private static string? TryRender(
        ChatFormat format, IReadOnlyList<ChatMessage> messages, WeightsDescription weights)
    {
        try
        {
            return format.Render(new ChatPrompt
            {
                Messages = messages,
                BosToken = weights.BosToken,
                EosToken = weights.EosToken,
                AddsBosToken = weights.AddsBosToken,
                Now = DateTimeOffset.UnixEpoch,
            });
        }
        catch (TemplateException)
        {
            return null;
        }
    }
}
