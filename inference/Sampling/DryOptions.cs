namespace Ollama.Platform.Inference.Sampling;

/// <summary>
/// How tokens that go on with a repetition are lowered: by multiplier · base ^ (length of the repetition − allowed
/// length) once it is as long as allowed. The names are llama.cpp's.
/// </summary>
public sealed record DryOptions
{
    /// <summary>Breakers of one request at most.</summary>
    public const int BreakerCountMax = 64;

    /// <summary>UTF-8 bytes of one breaker at most.</summary>
    public const int BreakerBytesMax = 64;

    /// <summary>The penalty of a repetition as long as allowed; 0 switches the sampler off.</summary>
    public float Multiplier { get; init; }

    /// <summary>By what the penalty grows with each further token; 1 at least.</summary>
    public float Base { get; init; } = 1.75f;

    /// <summary>Tokens that may repeat.</summary>
    public int AllowedLength { get; init; } = 2;

    /// <summary>Recent tokens that are searched; 0 none, −1 the whole context.</summary>
    public int LastTokens { get; init; } = -1;

    /// <summary>Texts across which nothing counts as a repetition.</summary>
    public IReadOnlyList<string> Breakers { get; init; } = ["\n", ":", "\"", "*"];
}
