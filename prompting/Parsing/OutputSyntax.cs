using Ollama.Platform.Contracts.Models;

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

    /// <summary>Word that the model writes after <see cref="ThinkingOpen"/> and that is no reasoning.</summary>
    public string ThinkingLabel { get; init; } = "";

    /// <summary>Reasoning may begin in the middle of the answer.</summary>
    public bool ThinkingReopens { get; init; }

    /// <summary>Makes what reads the bodies of calls; null when calls stay part of the content.</summary>
    public Func<IReadOnlyList<ToolDefinition>, IToolCallReader>? Reader { get; init; }

    /// <summary>What begins a call.</summary>
    public string CallOpen { get; init; } = "<tool_call>";

    /// <summary>What begins the block of all calls; null for no block.</summary>
    public string? BlockOpen { get; init; }

    /// <summary>What ends a call; null when it ends where the first bracket of its body closes.</summary>
    public string? CallClose { get; init; } = "</tool_call>";

    /// <summary>Where there is no <see cref="CallClose"/>, what stands before the bracket; empty for nothing.</summary>
    public string BodyHead { get; init; } = "";

    /// <summary>A call by this name means that nothing is called; empty for no such name.</summary>
    public string IgnoredName { get; init; } = "";

    /// <summary>How calls look whose marks the model forgot.</summary>
    public BareCallStyle BareCalls { get; init; }

    /// <summary>White space before a call belongs to the answer.</summary>
    public bool KeepsSpace { get; init; }

    /// <summary>A malformed call is left out instead of failing the request.</summary>
    public bool DropsBrokenCalls { get; init; }

    /// <summary>Where the block of a dropped call ends: nothing up to there is shown. Null for no block.</summary>
    public string? BlockClose { get; init; }

    /// <summary>Marks without meaning for a client.</summary>
    public IReadOnlyList<string> Ignored { get; init; } = [];

    /// <summary>What begins and ends text that is hidden from a client; null for nothing.</summary>
    public (string Open, string Close)? Hidden { get; init; }

    /// <summary>Every mark, in no particular order.</summary>
    public IReadOnlyList<string> Tags =>
    [
        .. ThinkingOpen is null || ThinkingClose is null ? [] : new[] { ThinkingOpen, ThinkingClose },
        .. Reader is null ? [] : new[] { CallOpen, CallClose, BodyHead, BlockOpen, BlockClose }.OfType<string>()
            .Where(tag => tag.Length > 0),
        .. Ignored,
        .. Hidden is { } hidden ? new[] { hidden.Open, hidden.Close } : [],
    ];
}
