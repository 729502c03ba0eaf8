namespace Ollama.Platform.Inference.Sampling.Grammars;

/// <summary>What is done at a node of a <see cref="GrammarNetwork"/>.</summary>
internal enum NetworkNodeKind : byte
{
    /// <summary>The rule is over: go on where it was called.</summary>
    Return,

    /// <summary>Go on at both nodes A and B.</summary>
    Split,

    /// <summary>Go on at node A, and at node B when that has returned.</summary>
    Call,

    /// <summary>Read a byte: A is the first edge, B the number of edges.</summary>
    Read,
}
