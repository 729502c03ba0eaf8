using System.Text.Json;

namespace Ollama.Platform.Contracts.Models;

/// <summary>What a client asked a model to produce, in the terms of no dialect.</summary>
public sealed record GenerationRequest
{
    /// <summary>The model as the client wrote it; refusals echo it unchanged.</summary>
    public required string Model { get; init; }

    /// <summary>Chat or completion: which template form, defaults and refusals apply.</summary>
    public required GenerationKind Kind { get; init; }

    /// <summary>The conversation; empty for a completion.</summary>
    public IReadOnlyList<ChatMessage> Messages { get; init; } = [];

    /// <summary>The completion prompt; empty for a chat.</summary>
    public string Prompt { get; init; } = "";

    /// <summary>
    /// The prompt as tokens, which reach the model as they are: no template, nothing in front (raw completion only,
    /// instead of <see cref="Prompt"/>).
    /// </summary>
    public IReadOnlyList<int> PromptTokens { get; init; } = [];

    /// <summary>Text after the gap to fill; null when nothing is to be filled in.</summary>
    public string? Suffix { get; init; }

    /// <summary>Overrides the model's system text when not null (completion only).</summary>
    public string? System { get; init; }

    /// <summary>Overrides the model's template when not null (completion only).</summary>
    public string? Template { get; init; }

    /// <summary>Passes <see cref="Prompt"/> to the model without any template or parser.</summary>
    public bool Raw { get; init; }

    /// <summary>Tokens of an earlier exchange, put before the prompt (completion only).</summary>
    public IReadOnlyList<int> Context { get; init; } = [];

    /// <summary>Images for the prompt (completion only); chat images hang on their messages.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Images { get; init; } = [];

    /// <summary>The functions that the model may call.</summary>
    public IReadOnlyList<ToolDefinition> Tools { get; init; } = [];

    /// <summary>Which calls the answer may or must hold; null leaves it to the model.</summary>
    public ToolChoice? ToolChoice { get; init; }

    /// <summary>Reports <see cref="GenerationChunk.CallPieces"/> where calls can be read while they grow.</summary>
    public bool CallsInPieces { get; init; }

    /// <summary>Whether and how hard the model thinks; null leaves it to the model.</summary>
    public ThinkSetting? Think { get; init; }

    /// <summary>Constrains the completion; null leaves it free.</summary>
    public OutputFormat? Format { get; init; }

    /// <summary>Options by wire name, unchecked; the model's own parameters stand below them.</summary>
    public IReadOnlyDictionary<string, JsonElement> Options { get; init; } = NoOptions;

    /// <summary>How long the model stays loaded after this request; null takes the server's default,
    /// <see cref="Timeout.InfiniteTimeSpan"/> keeps it for ever, zero unloads it as soon as it is idle.</summary>
    public TimeSpan? KeepAlive { get; init; }

    /// <summary>Drops the oldest messages, or cuts the prompt, when it exceeds the context length.</summary>
    public bool Truncate { get; init; } = true;

    /// <summary>
    /// Drops old tokens to go on generating when the context is full; null takes the model's default.
    /// </summary>
    public bool? Shift { get; init; }

    /// <summary>Reports the log-probability of each produced token.</summary>
    public bool LogProbs { get; init; }

    /// <summary>Number of alternatives reported for each token, 0–20.</summary>
    public int TopLogProbCount { get; init; }

    /// <summary>From <see cref="RequestPriority.Min"/> to <see cref="RequestPriority.Max"/>; the higher goes
    /// first.</summary>
    public int Priority { get; init; }

    /// <summary>Time from now after which nobody waits for the answer; null for ever.</summary>
    public TimeSpan? Deadline { get; init; }

    /// <summary>The empty option set.</summary>
    public static IReadOnlyDictionary<string, JsonElement> NoOptions { get; } = new Dictionary<string, JsonElement>();
}

/// <summary>Which form of generation a request asks for.</summary>
public enum GenerationKind
{
    /// <summary>Messages in, one assistant message out.</summary>
    Chat = 0,

    /// <summary>A prompt in, its continuation out.</summary>
    Completion = 1,
}
