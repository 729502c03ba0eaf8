namespace Ollama.Platform.Prompting.Grammars;

/// <summary>A constraint on a completion.</summary>
/// <param name="Text">GBNF.</param>
/// <param name="Root">Name of the rule that the whole completion follows.</param>
public sealed record Grammar(string Text, string Root)
{
    /// <summary>The name of the rule that everything follows.</summary>
    public const string RootName = "root";

    /// <summary>
    /// A JSON object with whatever in it, as <c>format: "json"</c> means it. White space and numbers have bounds, so
    /// that no model writes blanks or digits for ever.
    /// </summary>
    public static Grammar AnyJson { get; } = MakeAnyJson();

    private static Grammar MakeAnyJson()
    {
        var rules = new GbnfRules(GrammarLimits.Default);
        return rules.Complete(rules.AnyObject);
    }
}
