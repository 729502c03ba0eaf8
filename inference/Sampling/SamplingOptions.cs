namespace Ollama.Platform.Inference.Sampling;

/// <summary>How a sequence chooses its tokens; the defaults are Ollama's.</summary>
public sealed record SamplingOptions
{
    /// <summary>Divides the logits; 0 takes the best token always.</summary>
    public float Temperature { get; init; } = 0.8f;

    /// <summary>Keeps the most probable tokens; 0 or less keeps all.</summary>
    public int TopK { get; init; } = 40;

    /// <summary>Keeps the smallest set with this probability; 1 keeps all.</summary>
    public float TopP { get; init; } = 0.9f;

    /// <summary>Drops tokens below this share of the best one's probability; 0 drops none.</summary>
    public float MinP { get; init; }

    /// <summary>Keeps the locally typical set with this probability; 1 keeps all.</summary>
    public float TypicalP { get; init; } = 1f;

    /// <summary>Divides (or multiplies, when negative) the logits of recent tokens; 1 changes nothing.</summary>
    public float RepeatPenalty { get; init; } = 1f;

    /// <summary>Number of recent tokens that penalties look at; 0 none, −1 the whole context.</summary>
    public int RepeatLastTokens { get; init; } = 64;

    /// <summary>Subtracted from the logit of each recent token once.</summary>
    public float PresencePenalty { get; init; }

    /// <summary>Subtracted from the logit of each recent token for each occurrence.</summary>
    public float FrequencyPenalty { get; init; }

    /// <summary>Seeds the sequence's own random stream; null draws one.</summary>
    public uint? Seed { get; init; }
}
