namespace Ollama.Platform.Inference.Sampling.Grammars;

/// <summary>Says whether a text is a grammar that a runner can follow, before a model is loaded for it. Pure.</summary>
public static class GrammarSource
{
    /// <summary>What is wrong with a grammar, with line and column where there is one; null for nothing.</summary>
    /// <param name="text">GBNF whose rule <c>root</c> the whole text follows.</param>
    public static string? Explain(string text)
    {
        try
        {
            _ = new GrammarAutomaton(GrammarNetwork.Compile(text));
            return null;
        }
        catch (Exception exception) when (exception is GrammarSyntaxException or GrammarOverflowException)
        {
            return exception.Message;
        }
    }
}
