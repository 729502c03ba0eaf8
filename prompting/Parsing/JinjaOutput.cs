namespace Ollama.Platform.Prompting.Parsing;

/// <summary>
/// Derives how completions are read from the text of a Jinja chat template: it shows the family's marks.
/// </summary>
internal static class JinjaOutput
{
    /// <summary>What a template must show, and whose marks these are. The first that fits decides.</summary>
    private static readonly (string[] Marks, OutputSyntax Syntax)[] Families =
    [
        (["[TOOL_CALLS]", "[ARGS]"], FamilySyntaxes.Mistral),
        (["[TOOL_CALLS]"], FamilySyntaxes.MistralList),
        (["<|tool_calls_section_begin|>", "<|tool_call_begin|>"], FamilySyntaxes.KimiK2),
        (["<arg_key>"], FamilySyntaxes.Glm),
        (["<|START_ACTION|>"], FamilySyntaxes.Cohere),
        (["<|tool_call_start|>"], FamilySyntaxes.Lfm2),
        (["<minimax:tool_call>"], FamilySyntaxes.MiniMax),
        (["DSML", "function_calls"], FamilySyntaxes.Dsml),
        (["DSML", "tool_calls>"], FamilySyntaxes.DsmlToolCalls),
        (["<|tool_call>call:"], FamilySyntaxes.Gemma4),
        (["<start_function_call>"], FamilySyntaxes.FunctionGemma),
        (["<｜tool▁call▁begin｜>"], FamilySyntaxes.DeepSeek),
        (["<seed:tool_call>", "<function=", "<parameter="], FamilySyntaxes.SeedOss),
        (["<function=", "<parameter="], FamilySyntaxes.Coder),
        (["<TOOLCALL>"], FamilySyntaxes.NemotronNano),
        (["<|tools_prefix|>"], FamilySyntaxes.Apertus),
        (["<|tool_call|>"], FamilySyntaxes.Granite),
        (["<function_calls>", "<functions>"], FamilySyntaxes.Olmo3),
        (["Action:", "```json", "tool_name"], FamilySyntaxes.CommandR),
        (["<tool_call>"], FamilySyntaxes.Hermes),
    ];

    /// <summary>Marks of families that are not read: what looks like another family's calls in them is none.</summary>
    private static readonly string[] Foreign = ["<invoke name=", "<function name=", "<|open|>", ">>>all"];

    /// <summary>How the completions of the template's model are read.</summary>
    public static IOutputFormat Of(string template)
    {
        if (HarmonyOutputFormat.IsWrittenBy(template))
        {
            return new HarmonyOutputFormat();
        }

        if (Has(template, "<atem:function_calls>"))
        {
            return new GlimmerOutputFormat();
        }

        var syntax = SyntaxOf(template);
        var isLlama = Has(template, "<|start_header_id|>") || Has(template, "<|python_tag|>");
        return syntax.Reader is null && syntax.ThinkingClose is null && isLlama && Has(template, "parameters")
            && !Foreign.Any(mark => Has(template, mark))
                ? new BareJsonOutputFormat()
                : new TaggedOutputFormat(syntax);
    }

    /// <summary>The tags of a template that uses tags.</summary>
    public static OutputSyntax SyntaxOf(string template)
    {
        var syntax = Families.FirstOrDefault(family => family.Marks.All(mark => Has(template, mark))).Syntax;
        if (syntax is null || (syntax == FamilySyntaxes.Hermes && Foreign.Any(mark => Has(template, mark))))
        {
            syntax = OutputSyntax.Plain;
        }

        return syntax.ThinkingReopens || syntax == FamilySyntaxes.Cohere ? syntax : WithThinking(syntax, template);
    }

    private static OutputSyntax WithThinking(OutputSyntax syntax, string template)
    {
        // A template that only cuts reasoning off the history names nothing but the closing mark.
        if (Has(template, "</think>"))
        {
            return syntax with { ThinkingOpen = "<think>", ThinkingClose = "</think>" };
        }

        if (Has(template, "<seed:think>"))
        {
            return syntax with { ThinkingOpen = "<seed:think>", ThinkingClose = "</seed:think>" };
        }

        return Has(template, "[THINK]") && Has(template, "[/THINK]")
            ? syntax with { ThinkingOpen = "[THINK]", ThinkingClose = "[/THINK]" }
            : syntax with { ThinkingOpen = null, ThinkingClose = null };
    }

    private static bool Has(string template, string text) => template.Contains(text, StringComparison.Ordinal);
}
