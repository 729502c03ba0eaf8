namespace Ollama.Platform.Inference.Sampling.Grammars;

/// <summary>
/// A text can be read by a grammar in more ways than there is room for. It ends the sequence, not the decode loop.
/// </summary>
internal sealed class GrammarOverflowException()
    : Exception("The grammar is too ambiguous: its text can be read in too many ways at once.");
