using Ollama.Platform.Prompting.Rendering;

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

    /// <summary>The same, or calls.</summary>
    /// <param name="calls">How calls look; none changes nothing.</param>
    /// <param name="tools">The names of those that may be called.</param>
    /// <exception cref="GrammarException">The names make it too long.</exception>
    public Grammar OrCall(IReadOnlyList<CallMarks> calls, IReadOnlyList<string> tools)
    {
        ArgumentNullException.ThrowIfNull(calls);
        ArgumentNullException.ThrowIfNull(tools);
        if (calls.Count == 0)
        {
            return this;
        }

        const string Answer = "answer";
        var call = ToolCallGrammar.CompileMarked(calls, tools, GrammarLimits.Default);
        var line = $"{Root} ::= ";
        var at = Text.LastIndexOf(line, StringComparison.Ordinal);
        return this with
        {
            Text = $"{Text[..at]}{Answer} ::= {Text[(at + line.Length)..]}{call.Text}"
                + $"{Root} ::= {Answer} | {call.Root}\n",
        };
    }

    private static Grammar MakeAnyJson()
    {
        var rules = new GbnfRules(GrammarLimits.Default);
        return rules.Complete(rules.AnyObject);
    }
}
