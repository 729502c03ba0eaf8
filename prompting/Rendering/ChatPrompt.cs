using Ollama.Platform.Contracts.Models;

namespace Ollama.Platform.Prompting.Rendering;

/// <summary>What a chat format renders: a conversation and the circumstances of its next turn.</summary>
public sealed record ChatPrompt
{
    /// <summary>The conversation, oldest message first.</summary>
    public required IReadOnlyList<ChatMessage> Messages { get; init; }

    /// <summary>The tools on offer; empty for none.</summary>
    public IReadOnlyList<ToolDefinition> Tools { get; init; } = [];

    /// <summary>Whether to think; null leaves the template's own default in effect.</summary>
    public ThinkSetting? Think { get; init; }

    /// <summary>Text of the beginning token; null when the model has none.</summary>
    public string? BosToken { get; init; }

    /// <summary>
    /// The tokenizer puts the beginning token in front by itself: a rendered prompt then does not begin with it.
    /// </summary>
    public bool AddsBosToken { get; init; }

    /// <summary>Text of the end token; null when the model has none.</summary>
    public string? EosToken { get; init; }

    /// <summary>Parsers tell also what calls grow by, as far as the family lets them.</summary>
    public bool CallsInPieces { get; init; }

    /// <summary>The time that <c>strftime_now</c> shows.</summary>
    public required DateTimeOffset Now { get; init; }

    /// <summary>Ends the rendering early.</summary>
    public CancellationToken Cancellation { get; init; }
}
