using System.Runtime.InteropServices;

namespace Ollama.Platform.Inference.Sampling;

/// <summary>
/// The recent tokens of a sequence, and the penalties on them. Touches only their logits, never the vocabulary.
/// Belongs to the decode thread once the sequence is submitted.
/// </summary>
internal sealed class PenaltyWindow
{
    private readonly float _repeat;
    private readonly float _presence;
    private readonly float _frequency;
    private readonly int[] _recent;
    private readonly float[] _originals;
    private readonly Dictionary<int, int> _counts;
    private int _oldest;
    private int _count;

    private PenaltyWindow(SamplingOptions options, int tokensMax)
    {
        _repeat = options.RepeatPenalty;
        _presence = options.PresencePenalty;
        _frequency = options.FrequencyPenalty;
        _recent = new int[tokensMax];
        _originals = new float[tokensMax];
        // One more than the window: a token enters before the oldest leaves.
        _counts = new Dictionary<int, int>(tokensMax + 1);
    }

    /// <summary>The window of a sequence, or null when its options penalize nothing.</summary>
    public static PenaltyWindow? Create(SamplingOptions options, int contextTokens)
    {
        var tokensMax = options.RepeatLastTokens < 0
            ? contextTokens
            : Math.Min(options.RepeatLastTokens, contextTokens);
        var neutral = options.RepeatPenalty == 1f && options.PresencePenalty == 0f && options.FrequencyPenalty == 0f;
        return neutral || tokensMax == 0 ? null : new PenaltyWindow(options, tokensMax);
    }

    /// <summary>Takes a token of the prompt or a sampled one into the window.</summary>
    public void Accept(int token)
    {
        CollectionsMarshal.GetValueRefOrAddDefault(_counts, token, out _)++;
        if (_count < _recent.Length)
        {
            _recent[(_oldest + _count) % _recent.Length] = token;
            _count++;
            return;
        }

        var leaving = _recent[_oldest];
        _recent[_oldest] = token;
        _oldest = (_oldest + 1) % _recent.Length;
        ref var left = ref CollectionsMarshal.GetValueRefOrNullRef(_counts, leaving);
        if (--left == 0)
        {
            _counts.Remove(leaving);
        }
    }

    /// <summary>Lowers the logits of the recent tokens.</summary>
    public void Apply(Span<float> logits)
    {
        var index = 0;
        foreach (var (token, count) in _counts)
        {
            ref var logit = ref logits[token];
            _originals[index++] = logit;
            // Dividing a negative logit would raise it.
            logit = logit <= 0 ? logit * _repeat : logit / _repeat;
            logit -= (count * _frequency) + _presence;
        }
    }

    /// <summary>Takes <see cref="Apply"/> back; nothing may have been accepted in between.</summary>
    public void Restore(Span<float> logits)
    {
        var index = 0;
        foreach (var (token, _) in _counts)
        {
            logits[token] = _originals[index++];
        }
    }
}
