namespace Ollama.Platform.Prompting.Parsing;

/// <summary>The marks by which a family sets reasoning and tool calls apart from the answer. Immutable.</summary>
internal sealed record OutputSyntax
{
    /// <summary>No marks: everything is content.</summary>
    public static OutputSyntax Plain { get; } = new();

    /// <summary>What begins the reasoning; null when the family has none.</summary>
    public string? ThinkingOpen { get; init; }

    /// <summary>What ends the reasoning; null when the family has none.</summary>
    public string? ThinkingClose { get; init; }

    /// <summary>How the body of a call is written.</summary>
    public CallStyle CallStyle { get; init; }

    /// <summary>What begins a call.</summary>
    public string CallOpen { get; init; } = "<tool_call>";

    /// <summary>What ends a call.</summary>
    public string CallClose { get; init; } = "</tool_call>";

    /// <summary>Every mark, in no particular order.</summary>
    public IReadOnlyList<string> Tags =>
    [
        .. ThinkingOpen is null || ThinkingClose is null ? [] : new[] { ThinkingOpen, ThinkingClose },
        .. CallStyle == CallStyle.None ? [] : new[] { CallOpen, CallClose },
    ];

    /// <summary>Derives the marks from the text of a Jinja chat template.</summary>
    public static OutputSyntax FromJinja(string template)
    {
        ArgumentNullException.ThrowIfNull(template);
        if (HasForeignCalls(template))
        {
            return WithThinking(Plain, template);
        }

        if (Has(template, "<function=") && Has(template, "<parameter="))
        {
            // Seed-OSS uses the tags of Qwen3-Coder between marks of its own.
            var prefix = Has(template, "<seed:tool_call>") ? "seed:" : "";
            return WithThinking(
                Plain with
                {
                    CallStyle = CallStyle.Tags,
                    CallOpen = $"<{prefix}tool_call>",
                    CallClose = $"</{prefix}tool_call>",
                },
                template);
        }

        var style = Has(template, "<tool_call>") ? CallStyle.Json : CallStyle.None;
        return WithThinking(Plain with { CallStyle = style }, template);
    }

    // Families that write <tool_call>, or name it in passing, but not with the bodies read here.
    private static bool HasForeignCalls(string template) =>
        Has(template, "<|channel|>")
        || Has(template, "<arg_key>")
        || Has(template, "<invoke name=")
        || Has(template, "<function name=")
        || Has(template, "[TOOL_CALLS]")
        || Has(template, "<|tool_calls_section_begin|>");

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
            : syntax;
    }

    private static bool Has(string template, string text) => template.Contains(text, StringComparison.Ordinal);
}
