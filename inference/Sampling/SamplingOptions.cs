namespace Ollama.Platform.Inference.Sampling;

/// <summary>How a sequence chooses its tokens; the defaults are Ollama's.</summary>
public sealed record SamplingOptions
{
    /// <summary>Biases of one request at most.</summary>
    public const int LogitBiasCountMax = 1024;

    /// <summary>Divides the logits; 0 takes the best token always.</summary>
    public float Temperature { get; init; } = 0.8f;

    /// <summary>How far the temperature moves with the entropy of the candidates; 0 leaves it alone.</summary>
    public float TemperatureRange { get; init; }

    /// <summary>Bends the way from entropy to temperature; 1 is a straight line.</summary>
    public float TemperatureExponent { get; init; } = 1f;

    /// <summary>Keeps the most probable tokens; 0 or less keeps all.</summary>
    public int TopK { get; init; } = 40;

    /// <summary>Keeps the smallest set with this probability; 1 keeps all.</summary>
    public float TopP { get; init; } = 0.9f;

    /// <summary>Drops tokens below this share of the best one's probability; 0 drops none.</summary>
    public float MinP { get; init; }

    /// <summary>Keeps the locally typical set with this probability; 1 keeps all.</summary>
    public float TypicalP { get; init; } = 1f;

    /// <summary>Keeps logits within so many standard deviations of the best one; 0 or less keeps all.</summary>
    public float TopSigma { get; init; }

    /// <summary>Probability with which all but the least probable of the good candidates are dropped.</summary>
    public float XtcProbability { get; init; }

    /// <summary>Probability from which on a candidate is a good one; above 0.5 there cannot be two.</summary>
    public float XtcThreshold { get; init; } = 0.1f;

    /// <summary>Version of Mirostat that replaces all cuts: 1 or 2; 0 for none.</summary>
    public int Mirostat { get; init; }

    /// <summary>Surprise that Mirostat aims at, in bits.</summary>
    public float MirostatTau { get; init; } = 5f;

    /// <summary>How fast Mirostat adapts.</summary>
    public float MirostatEta { get; init; } = 0.1f;

    /// <summary>Divides (or multiplies, when negative) the logits of recent tokens; 1 changes nothing.</summary>
    public float RepeatPenalty { get; init; } = 1f;

    /// <summary>Number of recent tokens that penalties look at; 0 none, −1 the whole context.</summary>
    public int RepeatLastTokens { get; init; } = 64;

    /// <summary>Subtracted from the logit of each recent token once.</summary>
    public float PresencePenalty { get; init; }

    /// <summary>Subtracted from the logit of each recent token for each occurrence.</summary>
    public float FrequencyPenalty { get; init; }

    /// <summary>Lowers tokens that would go on with a repetition; null for none.</summary>
    public DryOptions? Dry { get; init; }

    /// <summary>Added to the logits of some tokens before anything else; −∞ forbids a token.</summary>
    public IReadOnlyList<TokenBias> LogitBiases { get; init; } = [];

    /// <summary>Seeds the sequence's own random stream; null draws one.</summary>
    public uint? Seed { get; init; }
}
