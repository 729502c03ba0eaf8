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

    /// <summary>The same, or one of these calls, in which everything is free but the marks.</summary>
    public Grammar OrCall(IReadOnlyList<CallMarks> calls)
    {
        ArgumentNullException.ThrowIfNull(calls);
        if (calls.Count == 0)
        {
            return this;
        }

        const string Answer = "answer";
        const string Free = "[^\\x00]";
        var line = $"{Root} ::= ";
        var at = Text.LastIndexOf(line, StringComparison.Ordinal);
        var choices = calls.Select(call => call.Close is { } close
            ? $"{GbnfText.Literal(call.Open)} {Free}* {GbnfText.Literal(close)} {Free}*"
            : $"{GbnfText.Literal(call.Open)} {Free}+");
        return this with
        {
            Text = $"{Text[..at]}{Answer} ::= {Text[(at + line.Length)..]}"
                + $"{Root} ::= {Answer} | {string.Join(" | ", choices)}\n",
        };
    }

    private static Grammar MakeAnyJson()
    {
        var rules = new GbnfRules(GrammarLimits.Default);
        return rules.Complete(rules.AnyObject);
    }
}
