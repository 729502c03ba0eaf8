using Ollama.Platform.Prompting.Rendering;

namespace Ollama.Platform.Prompting.Grammars;

/// <summary>A constraint on a completion.</summary>
/// <param name="Rules">The rules that its root needs, each on a line that ends.</param>
/// <param name="Root">Name of the rule that the whole completion follows.</param>
/// <param name="Body">What that rule says.</param>
public sealed record Grammar(string Rules, string Root, string Body)
{
    /// <summary>The name of the rule that everything follows.</summary>
    public const string RootName = "root";

    /// <summary>The whole of it, as GBNF.</summary>
    public string Text { get; } = $"{Rules}{Root} ::= {Body}\n";

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
        return new Grammar($"{Rules}{Answer} ::= {Body}\n{call.Text}", Root, $"{Answer} | {call.Root}");
    }

    private static Grammar MakeAnyJson()
    {
        var rules = new GbnfRules(GrammarLimits.Default);
        return rules.Complete(rules.AnyObject);
    }
}
