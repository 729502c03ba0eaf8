namespace Ollama.Platform.Inference.Sampling.Grammars;

/// <summary>What a <see cref="GrammarNode"/> is.</summary>
internal enum GrammarNodeKind
{
    /// <summary>The bytes of <see cref="GrammarNode.Literal"/>.</summary>
    Literal,

    /// <summary>One character out of <see cref="GrammarNode.Ranges"/>.</summary>
    Characters,

    /// <summary>What the rule <see cref="GrammarNode.Rule"/> stands for.</summary>
    Rule,

    /// <summary>All children in order; nothing when there are none.</summary>
    Sequence,

    /// <summary>One of the children.</summary>
    Choice,

    /// <summary>The one child, <see cref="GrammarNode.Min"/> to <see cref="GrammarNode.Max"/> times.</summary>
    Repetition,
}

/// <summary>A part of a grammar as it is written; immutable.</summary>
internal sealed class GrammarNode
{
    /// <summary>The value of <see cref="Max"/> that sets no bound.</summary>
    public const int Unbounded = int.MaxValue;

    private GrammarNode(GrammarNodeKind kind) => Kind = kind;

    /// <summary>What it is.</summary>
    public GrammarNodeKind Kind { get; }

    /// <summary>UTF-8 of a literal; not empty.</summary>
    public byte[] Literal { get; private init; } = [];

    /// <summary>Normalized; empty when no character fits.</summary>
    public CodePointRange[] Ranges { get; private init; } = [];

    /// <summary>Index of a rule.</summary>
    public int Rule { get; private init; }

    /// <summary>Parts of a sequence, choice or repetition.</summary>
    public IReadOnlyList<GrammarNode> Children { get; private init; } = [];

    /// <summary>Repetitions at least.</summary>
    public int Min { get; private init; }

    /// <summary>Repetitions at most.</summary>
    public int Max { get; private init; }

    /// <summary>Nothing at all.</summary>
    public static GrammarNode Empty { get; } = new(GrammarNodeKind.Sequence);

    /// <summary>A text; nothing when it is empty.</summary>
    public static GrammarNode OfLiteral(byte[] bytes) =>
        bytes.Length == 0 ? Empty : new(GrammarNodeKind.Literal) { Literal = bytes };

    /// <summary>One character.</summary>
    public static GrammarNode OfCharacters(CodePointRange[] ranges) =>
        new(GrammarNodeKind.Characters) { Ranges = ranges };

    /// <summary>A reference.</summary>
    public static GrammarNode OfRule(int rule) => new(GrammarNodeKind.Rule) { Rule = rule };

    /// <summary>One after the other.</summary>
    public static GrammarNode OfSequence(IReadOnlyList<GrammarNode> children) =>
        children.Count == 1 ? children[0] : new(GrammarNodeKind.Sequence) { Children = children };

    /// <summary>One or the other.</summary>
    public static GrammarNode OfChoice(IReadOnlyList<GrammarNode> children) =>
        children.Count == 1 ? children[0] : new(GrammarNodeKind.Choice) { Children = children };

    /// <summary>Again and again.</summary>
    public static GrammarNode OfRepetition(GrammarNode child, int min, int max) =>
        new(GrammarNodeKind.Repetition) { Children = [child], Min = min, Max = max };
}
