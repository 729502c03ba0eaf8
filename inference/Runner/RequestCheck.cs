using Ollama.Platform.Contracts.Errors;
using Ollama.Platform.Contracts.Models;
using Ollama.Platform.Inference.Engine;
using Ollama.Platform.Inference.Sampling;
using Ollama.Platform.Inference.Scheduling;
using Ollama.Platform.Inference.Sequences;

namespace Ollama.Platform.Inference.Runner;

/// <summary>
/// Refuses what must not reach the decode thread: native code aborts the process on tokens or sizes that it does not
/// expect. Pure.
/// </summary>
internal sealed class RequestCheck(EngineDescription engine, SchedulerLimits limits, bool embedding)
{
    /// <summary>Tokens that one sequence may occupy.</summary>
    public int ContextTokens => limits.ContextTokens;

    /// <summary>Why a sequence cannot run; null when it can.</summary>
    public Refusal? Refuse(SequenceRequest request)
    {
        if (embedding)
        {
            return Invalid("This model computes embeddings and does not generate.");
        }

        if (request.PromptTokens.Length == 0)
        {
            return Invalid("The prompt has no tokens.");
        }

        if (request.PromptTokens.Length >= limits.ContextTokens)
        {
            return new Refusal(
                ModelErrorCode.ContextExceeded,
                Model: null,
                $"The prompt has {request.PromptTokens.Length} tokens, the context {limits.ContextTokens}.");
        }

        if (request.Priority is < RequestPriority.Min or > RequestPriority.Max)
        {
            return Invalid($"priority must be between {RequestPriority.Min} and {RequestPriority.Max}.");
        }

        if (request.DraftTokensMax is < 0 or > SequenceRequest.DraftCountMax)
        {
            return Invalid($"At most {SequenceRequest.DraftCountMax} tokens can be proposed.");
        }

        if (request.LogProbs && request.TopLogProbCount is < 0 or > RunnerLimits.TopLogProbCountMax)
        {
            return Invalid($"top_logprobs must be between 0 and {RunnerLimits.TopLogProbCountMax}.");
        }

        if (request.StopSequences.Count > RunnerLimits.StopSequenceCountMax
            || StopAutomaton.CountBytes(request.StopSequences) > StopAutomaton.BytesMax)
        {
            return Invalid(
                $"At most {RunnerLimits.StopSequenceCountMax} stop sequences of {StopAutomaton.BytesMax} bytes "
                + "together are allowed.");
        }

        return RefuseTokens(request.PromptTokens) ?? RefuseSampling(request.Sampling);
    }

    /// <summary>Why inputs cannot be embedded; null when they can.</summary>
    public Refusal? RefuseInputs(IReadOnlyList<int[]> inputs)
    {
        if (!embedding)
        {
            return new Refusal(ModelErrorCode.EmbeddingUnsupported, Model: null, Detail: null);
        }

        var tokensMax = limits.ContextTokens;
        foreach (var input in inputs)
        {
            if (input.Length == 0)
            {
                return Invalid("An input has no tokens.");
            }

            if (input.Length > tokensMax)
            {
                return new Refusal(
                    ModelErrorCode.InputTooLong,
                    Model: null,
                    $"An input has {input.Length} tokens; {tokensMax} are possible.");
            }

            if (RefuseTokens(input) is { } refusal)
            {
                return refusal;
            }
        }

        return null;
    }

    /// <summary>Why tokens cannot be joined to a text; null when they can.</summary>
    public Refusal? RefuseTokens(IReadOnlyList<int> tokens, PieceTable pieces)
    {
        if (RefuseTokens(tokens) is { } refusal)
        {
            return refusal;
        }

        var bytes = tokens.Sum(token => (long)pieces[token].Length);
        return bytes > RunnerLimits.TextBytesMax
            ? Invalid($"The text has {bytes} bytes; {RunnerLimits.TextBytesMax} are possible.")
            : null;
    }

    /// <summary>Why tokens are none of this model; null when they are.</summary>
    private Refusal? RefuseTokens(IReadOnlyList<int> tokens)
    {
        foreach (var token in tokens)
        {
            if ((uint)token >= (uint)engine.VocabularySize)
            {
                return Invalid($"{token} is no token of this model's vocabulary of {engine.VocabularySize}.");
            }
        }

        return null;
    }

    private Refusal? RefuseSampling(SamplingOptions sampling)
    {
        if (sampling.Mirostat is < 0 or > 2)
        {
            return Invalid("mirostat must be 0, 1 or 2.");
        }

        if (sampling.LogitBiases.Count > SamplingOptions.LogitBiasCountMax
            || sampling.Dry?.Breakers.Count > DryOptions.BreakerCountMax
            || StopAutomaton.CountBytes(sampling.Dry?.Breakers ?? []) > StopAutomaton.BytesMax)
        {
            return Invalid("The sampling options hold too many biases or breakers.");
        }

        foreach (var (token, _) in sampling.LogitBiases)
        {
            if ((uint)token >= (uint)engine.VocabularySize)
            {
                return Invalid($"{token} is no token of this model's vocabulary of {engine.VocabularySize}.");
            }
        }

        return null;
    }

    private static Refusal Invalid(string detail) => new(ModelErrorCode.RequestInvalid, Model: null, detail);
}
