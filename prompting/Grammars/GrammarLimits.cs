namespace Ollama.Platform.Prompting.Grammars;

/// <summary>Bounds on what a schema may become; schemas come from strangers.</summary>
public sealed record GrammarLimits
{
    /// <summary>Bounds that real schemas stay far below.</summary>
    public static GrammarLimits Default { get; } = new();

    /// <summary>Schemas within schemas, references followed.</summary>
    public int DepthMax { get; init; } = 64;

    /// <summary>Bytes of the schema's text.</summary>
    public int SchemaLengthMax { get; init; } = 1024 * 1024;

    /// <summary>Keywords of one schema; each look for one walks over them.</summary>
    public int KeywordCountMax { get; init; } = 256;

    /// <summary>Properties of one object: each takes two rules.</summary>
    public int PropertyCountMax { get; init; } = 2048;

    /// <summary>Characters of a name that is told apart from additional ones: each takes a rule and a call.</summary>
    public int ExcludedNameLengthMax { get; init; } = 256;

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
