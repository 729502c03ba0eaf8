using Ollama.Platform.LlamaCpp;

namespace Ollama.Platform.UnitTests.LlamaCpp;

/// <summary>Decoding with the highest score, straight on the binding.</summary>
internal static class Greedy
{
    /// <summary>Tokens after a prompt, until an end token, which is not among them.</summary>
    public static List<int> Complete(LlamaContext context, IReadOnlyList<int> prompt, int sequence, int tokensMax = 64)
    {
        var start = context.FindLastPosition(sequence) + 1;
        var batch = new LlamaBatch(context.BatchTokensMax);
        for (var index = 0; index < prompt.Count; index++)
        {
            batch.Add(prompt[index], start + index, sequence, index == prompt.Count - 1);
        }

        return Continue(context, batch, sequence, tokensMax);
    }

    /// <summary>The answer as text.</summary>
    public static string Answer(LlamaContext context, LlamaModel model, string prompt, int sequence) =>
        model.Vocabulary.Detokenize(
            [.. Complete(context, model.Vocabulary.Tokenize(prompt, true, true), sequence)
                .TakeWhile(token => !model.Vocabulary.IsEnd(token))],
            special: true);

    /// <summary>The token with the highest score; of equal ones the first.</summary>
    public static int Highest(ReadOnlySpan<float> logits)
    {
        var best = 0;
        for (var token = 1; token < logits.Length; token++)
        {
            best = logits[token] > logits[best] ? token : best;
        }

        return best;
    }

    private static List<int> Continue(LlamaContext context, LlamaBatch batch, int sequence, int tokensMax)
    {
        var tokens = new List<int>();
        while (tokens.Count < tokensMax)
        {
            Assert.Equal(LlamaStepOutcome.Computed, context.Decode(batch));
            tokens.Add(Highest(context.ReadLogits(batch.Count - 1)));
            batch.Clear();
            batch.Add(tokens[^1], context.FindLastPosition(sequence) + 1, sequence, true);
        }

        return tokens;
    }
}
