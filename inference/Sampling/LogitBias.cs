namespace Ollama.Platform.Inference.Sampling;

/// <summary>Adds to the logits of some tokens. Touches nothing else; allocates nothing per token.</summary>
internal sealed class LogitBias(IReadOnlyList<TokenBias> biases)
{
    private readonly TokenBias[] _biases = [.. biases];
    private readonly float[] _originals = new float[biases.Count];

    /// <summary>Adds.</summary>
    public void Apply(Span<float> logits)
    {
        for (var index = 0; index < _biases.Length; index++)
        {
            ref var logit = ref logits[_biases[index].Token];
            _originals[index] = logit;
            logit += _biases[index].Bias;
        }
    }

    /// <summary>Takes <see cref="Apply"/> back; backwards, since a token may have several biases.</summary>
    public void Restore(Span<float> logits)
    {
        for (var index = _biases.Length - 1; index >= 0; index--)
        {
            logits[_biases[index].Token] = _originals[index];
        }
    }
}
