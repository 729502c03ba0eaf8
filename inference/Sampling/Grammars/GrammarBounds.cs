namespace Ollama.Platform.Inference.Sampling.Grammars;

/// <summary>
/// Bounds on grammars, which clients write. Those that end in <c>Soft</c> make an automaton forget what it can compute
/// again; the others end the request.
/// </summary>
internal static class GrammarBounds
{
    /// <summary>Characters of a grammar's text.</summary>
    public const int TextLengthMax = 1024 * 1024;

    /// <summary>Characters of the marks between which a text is free.</summary>
    public const int StartLengthMax = 64;

    /// <summary>Rules of a grammar as it is written.</summary>
    public const int RuleCountMax = 8 * 1024;

    /// <summary>Groups within groups.</summary>
    public const int NestingMax = 64;

    /// <summary>The greatest number in a repetition; more than any context holds.</summary>
    public const int RepetitionMax = 1_000_000_000;

    /// <summary>Copies of a repeated part that are written out; beyond, they are counted in powers of two.</summary>
    public const int CopyCountMax = 128;

    /// <summary>Nodes of the network that a grammar becomes.</summary>
    public const int NodeCountMax = 512 * 1024;

    /// <summary>Grammars that a runner keeps for the next request with the same one.</summary>
    public const int CachedGrammarCount = 8;

    /// <summary>Positions that one state may stand for.</summary>
    public const int PositionCountMax = 32 * 1024;

    /// <summary>States before the unused ones are forgotten.</summary>
    public const int StateCountSoft = 16 * 1024;

    /// <summary>Entries of the transition table before unused states are forgotten; 4 bytes each.</summary>
    public const int TransitionCountSoft = 4 * 1024 * 1024;

    /// <summary>Stacks, or positions of all states, before unused ones are forgotten.</summary>
    public const int StackCountSoft = 512 * 1024;

    /// <summary>How far one check may exceed the soft bounds.</summary>
    public const int HardFactor = 4;

    /// <summary>Sets of allowed tokens that are kept.</summary>
    public const int MaskCountMax = 48;

    /// <summary>Nodes of the vocabulary visited for a set of allowed tokens that is worth keeping.</summary>
    public const int CostlyVisitCount = 4096;
}
