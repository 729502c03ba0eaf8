using System.Text;
using Ollama.Platform.Contracts.Models;
using Ollama.Platform.Inference.Engine;
using Ollama.Platform.Inference.Runner;

namespace Ollama.Platform.Inference.Sequences;

/// <summary>
/// Reads what the decode thread produced for a sequence and makes chunks of it; runs on the thread pool, one call at
/// a time. Tokens that came since the last call form one chunk.
/// </summary>
internal sealed class SequenceStream(Sequence sequence, PieceTable pieces, TimeProvider time)
{
    private readonly SequenceText _text = new();

    /// <summary>The sequence that is read.</summary>
    public Sequence Sequence => sequence;

    /// <summary>Whether the last chunk was taken.</summary>
    public bool Completed { get; private set; }

    /// <summary>Takes what there is; null when nothing came since.</summary>
    public SequenceChunk? TryTake()
    {
        // Read before the ring: tokens written before the end are then all in the ring.
        var ended = sequence.HasEnded;
        if (Completed || (!ended && sequence.Ring.Count == 0))
        {
            return null;
        }

        List<int> tokens = [];
        List<TokenLogProb> logProbs = [];
        while (sequence.Ring.TryPeek(out var token, out var heldBytes))
        {
            tokens.Add(token);
            if (sequence.Ring.HasLogProbs)
            {
                logProbs.Add(ReadLogProb(token));
            }

            _text.Append(pieces[token], heldBytes);
            sequence.Ring.Advance();
        }

        string? stop = null;
        if (ended)
        {
            stop = sequence.End.StopMatched ? _text.FindStop(sequence.StopSequences) : null;
            _text.Finish(sequence.End.StopMatched);
            Completed = true;
        }

        return new SequenceChunk
        {
            Text = _text.Take(),
            Tokens = tokens,
            LogProbs = logProbs,
            FinishReason = ended ? sequence.End.Reason : null,
            StopSequence = stop,
            Usage = ended ? MeasureUsage() : null,
        };
    }

    private TokenLogProb ReadLogProb(int token)
    {
        var logProb = sequence.Ring.PeekLogProb(out var topTokens, out var topLogProbs);
        var top = new TokenLogProb[topTokens.Length];
        for (var index = 0; index < top.Length; index++)
        {
            top[index] = Describe(topTokens[index], topLogProbs[index], []);
        }

        return Describe(token, logProb, top);
    }

    private TokenLogProb Describe(int token, float logProb, IReadOnlyList<TokenLogProb> top)
    {
        var piece = pieces[token];
        var bytes = new int[piece.Length];
        for (var index = 0; index < bytes.Length; index++)
        {
            bytes[index] = piece[index];
        }

        return new TokenLogProb(Encoding.UTF8.GetString(piece), logProb, bytes, top);
    }

    private SequenceUsage MeasureUsage()
    {
        var times = sequence.Times;
        // A sequence may end before it got a slot or sampled a token.
        var admitted = times.Admitted < 0 ? times.Ended : times.Admitted;
        var firstToken = times.FirstToken < 0 ? times.Ended : times.FirstToken;
        return new SequenceUsage
        {
            PromptTokenCount = sequence.PromptTokenCount,
            CachedTokenCount = sequence.CachedTokenCount,
            CompletionTokenCount = sequence.CompletionTokenCount,
            ProposedTokenCount = sequence.Drafts.ProposedCount,
            AcceptedTokenCount = sequence.Drafts.AcceptedCount,
            QueueWait = time.GetElapsedTime(times.Submitted, admitted),
            PrefillDuration = time.GetElapsedTime(admitted, firstToken),
            DecodeDuration = time.GetElapsedTime(firstToken, times.Ended),
        };
    }
}
