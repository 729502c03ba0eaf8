using Ollama.Platform.Inference.Engine;

namespace Ollama.Platform.Inference.Sampling;

/// <summary>
/// What changes the logits of some tokens before the choice: biases, then penalties, then repetitions, as llama.cpp
/// orders them. Belongs to the decode thread once the sequence is submitted.
/// </summary>
internal sealed class LogitShaping
{
    private readonly LogitBias? _biases;
    private readonly PenaltyWindow? _penalties;
    private readonly RepetitionWindow? _repetitions;

    private LogitShaping(LogitBias? biases, PenaltyWindow? penalties, RepetitionWindow? repetitions) =>
        (_biases, _penalties, _repetitions) = (biases, penalties, repetitions);

    /// <summary>What the options ask for; null for nothing.</summary>
    public static LogitShaping? Create(SamplingOptions options, int contextTokens, PieceTable? pieces)
    {
        var biases = options.LogitBiases.Count == 0 ? null : new LogitBias(options.LogitBiases);
        // Mirostat takes the place of all other samplers.
        var alone = options.Mirostat != 0;
        var penalties = alone ? null : PenaltyWindow.Create(options, contextTokens);
        var repetitions = alone ? null : RepetitionWindow.Create(options.Dry, contextTokens, pieces);
        return biases is null && penalties is null && repetitions is null
            ? null
            : new LogitShaping(biases, penalties, repetitions);
    }

    /// <summary>Takes a token of the prompt or a sampled one into the windows.</summary>
    public void Accept(int token)
    {
        _penalties?.Accept(token);
        _repetitions?.Accept(token);
    }

    /// <summary>Changes the logits.</summary>
    public void Apply(Span<float> logits)
    {
        _biases?.Apply(logits);
        _penalties?.Apply(logits);
        _repetitions?.Apply(logits);
    }

    /// <summary>Takes <see cref="Apply"/> back; nothing may have been accepted in between.</summary>
    public void Restore(Span<float> logits)
    {
        _repetitions?.Restore(logits);
        _penalties?.Restore(logits);
        _biases?.Restore(logits);
    }
}
