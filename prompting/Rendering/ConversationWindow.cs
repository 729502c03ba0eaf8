using Ollama.Platform.Contracts.Models;

namespace Ollama.Platform.Prompting.Rendering;

/// <summary>Drops old messages of a conversation that exceeds the context length.</summary>
public static class ConversationWindow
{
    /// <summary>
    /// Drops the oldest messages other than system messages, one after the other, until the rest fits. All system
    /// messages and the last message stay, even when these alone do not fit.
    /// </summary>
    /// <param name="messages">The conversation.</param>
    /// <param name="tokensMax">The number of tokens that fit.</param>
    /// <param name="countTokensAsync">
    /// Counts the tokens of the rendered messages; null when the template refuses them (some ask that roles alternate).
    /// </param>
    /// <param name="cancellationToken">Ends the counting.</param>
    public static async Task<IReadOnlyList<ChatMessage>> FitAsync(
        IReadOnlyList<ChatMessage> messages,
        int tokensMax,
        Func<IReadOnlyList<ChatMessage>, CancellationToken, ValueTask<int?>> countTokensAsync,
        CancellationToken cancellationToken)
    {
        var droppable = Enumerable.Range(0, Math.Max(messages.Count - 1, 0))
            .Where(index => messages[index].Role != "system")
            .ToList();
        if (droppable.Count == 0
            || await countTokensAsync(messages, cancellationToken) is not { } tokensOfAll
            || tokensOfAll <= tokensMax)
        {
            return messages;
        }

        // Fewer messages have fewer tokens, so the least number to drop is found by halving instead of one by one:
        // each try renders and tokenizes the whole conversation.
        var (tooFew, enough, dropped) = (0, droppable.Count, droppable.Count);
        while (enough - tooFew > 1)
        {
            var middle = tooFew + ((enough - tooFew) / 2);
            if (await TryFitAsync(middle) is { } fitting)
            {
                (enough, dropped) = (middle, fitting);
            }
            else
            {
                tooFew = middle;
            }
        }

        return Without(dropped);

        // The least number from the given one on that leaves a conversation which the template accepts; null when
        // that conversation is too long.
        async ValueTask<int?> TryFitAsync(int least)
        {
            for (; least < droppable.Count; least++)
            {
                if (await countTokensAsync(Without(least), cancellationToken) is { } tokens)
                {
                    return tokens <= tokensMax ? least : null;
                }
            }

            return droppable.Count;
        }

        IReadOnlyList<ChatMessage> Without(int count)
        {
            var gone = droppable.Take(count).ToHashSet();
            return gone.Count == 0 ? messages : [.. messages.Where((_, index) => !gone.Contains(index))];
        }
    }
}
