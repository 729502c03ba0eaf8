using System.Text.Json;
using Ollama.Platform.Contracts.Models;
using Ollama.Platform.Prompting.Rendering;

namespace Ollama.Platform.Prompting.Grammars;

/// <summary>
/// The grammar of an answer that has to be a call: <c>{"name":…,"arguments":{…}}</c>, or a list of such objects.
/// Pure.
/// </summary>
public static class ToolCallGrammar
{
    /// <summary>Calls of one answer at most: a model that does not know when to end would go on for ever.</summary>
    public const int CallCountMax = 16;

    /// <summary>The key of a call's name, which comes first.</summary>
    internal const string NameKey = "name";

    /// <summary>The key of a call's arguments.</summary>
    internal const string ArgumentsKey = "arguments";

    // Whatever a schema says, the arguments of a call are an object.
    private static readonly SchemaPart AnyObject = new(JsonElement.Parse("{\"type\":\"object\"}"), "arguments");

    /// <summary>Makes the grammar.</summary>
    /// <param name="tools">The tools of which one has to be called; at least one.</param>
    /// <param name="manyCalls">Allows several calls.</param>
    /// <param name="limits">Bounds on the effort.</param>
    /// <exception cref="GrammarException">The schema of a tool's arguments cannot be honoured.</exception>
    public static Grammar Compile(IReadOnlyList<ToolDefinition> tools, bool manyCalls, GrammarLimits limits)
    {
        ArgumentNullException.ThrowIfNull(tools);
        ArgumentNullException.ThrowIfNull(limits);

        // Nobody reads arguments line by line, and a small model would spend its tokens on indenting them.
        var rules = new GbnfRules(limits, compact: true);
        var call = rules.Define(string.Join(" | ", tools.Select(tool => CompileTool(tool, rules, limits))));
        if (!manyCalls)
        {
            return rules.Complete(call);
        }

        var more = GbnfText.Times(0, CallCountMax - 1);
        return rules.Complete(
            $"{call} | \"[\" {rules.Blank} {call} (\",\" {rules.Blank} {call}){more} {rules.Blank} \"]\"");
    }

    /// <summary>
    /// Makes the grammar of calls in a family's own form. Where that is JSON, the names hold, and that arguments are an
    /// object; elsewhere only the marks do.
    /// </summary>
    /// <exception cref="GrammarException">The names make it too long.</exception>
    internal static Grammar CompileMarked(
        IReadOnlyList<CallMarks> calls, IReadOnlyList<string> tools, GrammarLimits limits)
    {
        const string Free = "[^\\x00]";
        var rules = new GbnfRules(limits, compact: true, "call-");
        return rules.Complete(string.Join(" | ", calls.Select(Compile)));

        string Compile(CallMarks call)
        {
            var open = GbnfText.Literal(call.Open);
            if (call.Close is null)
            {
                return $"{open} {Free}+";
            }

            var close = GbnfText.Literal(call.Close);
            if (!call.IsJson)
            {
                return $"{open} {Free}* {close} {Free}*";
            }

            var name = GbnfText.Choice([.. tools.Select(tool => GbnfText.Literal(GbnfText.JsonText(tool)))]);
            var one = rules.Define($"{open} \"\\n\"? {CompileCall(rules, name, rules.AnyObject)} \"\\n\"? {close}");
            return $"{one} (\"\\n\"? {one}){GbnfText.Times(0, CallCountMax - 1)}";
        }
    }

    private static string CompileCall(GbnfRules rules, string name, string arguments) =>
        $"\"{{\" {rules.Blank} {Key(NameKey)} {rules.Blank} {name} \",\" {rules.Blank} "
        + $"{Key(ArgumentsKey)} {rules.Blank} {arguments} {rules.Blank} \"}}\"";

    private static string CompileTool(ToolDefinition tool, GbnfRules rules, GrammarLimits limits)
    {
        var name = GbnfText.Literal(GbnfText.JsonText(tool.Name));
        return rules.Define(CompileCall(rules, name, CompileArguments(tool, rules, limits)));
    }

    private static string Key(string key) => GbnfText.Literal($"\"{key}\":");

    // References in a schema count from its own root, so each tool has a compiler of its own.
    private static string CompileArguments(ToolDefinition tool, GbnfRules rules, GrammarLimits limits)
    {
        if (tool.Parameters is not { ValueKind: not JsonValueKind.Null } schema)
        {
            return rules.AnyObject;
        }

        try
        {
            return new SchemaCompiler(new SchemaReader(schema, limits), rules, limits)
                .Compile([new SchemaPart(schema, "#"), AnyObject])
                ?? throw new GrammarException("#", "no object satisfies the schema");
        }
        catch (GrammarException exception)
        {
            throw new GrammarException($"tool \"{tool.Name}\": {exception.Path}", exception.Problem);
        }
    }
}
