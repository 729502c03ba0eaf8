using Ollama.Platform.Contracts.Models;
using Ollama.Platform.Inference.Engine;
using Ollama.Platform.Inference.Sampling;
using Ollama.Platform.Inference.Sampling.Grammars;
using Ollama.Platform.Inference.Sequences;

namespace Ollama.Platform.Inference.Scheduling;

/// <summary>
/// Samples one token of a sequence from its logits, hands it to the reader and says whether the sequence ends with it.
/// Belongs to the decode thread.
/// </summary>
internal sealed class TokenOutput(IEngine engine, int contextTokens, TimeProvider time)
{
    private readonly SamplerScratch _scratch = new(engine.Description.VocabularySize);
    private readonly bool _canShift = engine.Description.CanShift && engine.Description.CanCut;

    /// <summary>Produces the next token.</summary>
    /// <returns>How the sequence ends; null when it goes on.</returns>
    public SequenceEnd? Produce(Sequence sequence, Span<float> logits)
    {
        int token;
        try
        {
            token = sequence.Sampler.Sample(logits, _scratch, sequence.Grammar);
        }
        catch (GrammarOverflowException exception)
        {
            // The grammar belongs to one client; the others go on.
            return new SequenceEnd(FinishReason.Error, Detail: exception.Message);
        }

        if (token < 0)
        {
            return EndWithoutToken(sequence);
        }

        if (sequence.CompletionTokenCount == 0)
        {
            sequence.Times.FirstToken = time.GetTimestamp();
        }

        sequence.Accept(token);
        if (engine.Pieces.IsEnd(token))
        {
            return new SequenceEnd(FinishReason.Stop);
        }

        if (sequence.LogProbs)
        {
            RankLogProbs(sequence, token, logits);
        }

        // A stop sequence that is complete with the last token allowed still counts as a stop.
        if (sequence.Publish(token, engine.Pieces[token]))
        {
            return new SequenceEnd(FinishReason.Stop, StopMatched: true);
        }

        var contextIsFull = sequence.TokenCount >= contextTokens && !(_canShift && sequence.Shift);
        return sequence.CompletionTokensLeft <= 0 || contextIsFull
            ? new SequenceEnd(FinishReason.Length)
            : null;
    }

    private static SequenceEnd EndWithoutToken(Sequence sequence) => sequence.Grammar switch
    {
        null => new SequenceEnd(FinishReason.Error, Detail: "The model computed no usable logits."),
        // A vocabulary without a token for the end.
        { IsComplete: true } => new SequenceEnd(FinishReason.Stop),
        _ => new SequenceEnd(FinishReason.Error, Detail: "No token of the model continues the text by the grammar."),
    };

    private void RankLogProbs(Sequence sequence, int token, ReadOnlySpan<float> logits)
    {
        var ring = sequence.Ring;
        var normalizer = LogProbRanking.Normalizer(logits, _scratch);
        var topCount = LogProbRanking.Rank(
            logits, normalizer, ring.NextTopTokens, ring.NextTopLogProbs, _scratch);
        ring.SetLogProb((float)(logits[token] - normalizer), topCount);
    }
}
