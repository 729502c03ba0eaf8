namespace Ollama.Platform.Inference.Sampling.Grammars;

/// <summary>The rules of a grammar, parsed and checked.</summary>
/// <param name="Names">The name of each rule.</param>
/// <param name="Bodies">What each rule stands for.</param>
/// <param name="Root">Index of the rule that the whole text follows.</param>
internal sealed record GrammarRules(IReadOnlyList<string> Names, IReadOnlyList<GrammarNode> Bodies, int Root);
