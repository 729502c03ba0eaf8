namespace Ollama.Platform.Prompting.Grammars;

/// <summary>Bounds on what a schema may become; schemas come from strangers.</summary>
public sealed record GrammarLimits
{
    /// <summary>Bounds that real schemas stay far below.</summary>
    public static GrammarLimits Default { get; } = new();

    /// <summary>Schemas within schemas, references followed.</summary>
    public int DepthMax { get; init; } = 64;

    /// <summary>Characters of the grammar.</summary>
    public int TextLengthMax { get; init; } = 512 * 1024;

    /// <summary>Rules of the grammar.</summary>
    public int RuleCountMax { get; init; } = 4096;

    /// <summary>Schemas looked at, each as often as it is.</summary>
    public int StepCountMax { get; init; } = 50_000;

    /// <summary>Values of one <c>enum</c>.</summary>
    public int EnumCountMax { get; init; } = 4096;

    /// <summary>The greatest count of items, characters or properties; more than any context holds.</summary>
    public int RepetitionMax { get; init; } = 100_000_000;
}
