using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Ollama.Platform.Api.Ollama.Wire;

namespace Ollama.Platform.Api.OpenAi.Wire;

/// <summary>An answer of <c>/v1/chat/completions</c>, or one event of its stream. Nulls are left out.</summary>
internal sealed record ChatCompletion
{
    /// <summary>The same in all events of a stream.</summary>
    public required string Id { get; init; }

    /// <summary><c>chat.completion</c> or <c>chat.completion.chunk</c>.</summary>
    [AllowedValues("chat.completion", "chat.completion.chunk")]
    public required string Object { get; init; }

    /// <summary>Seconds since 1970; the same in all events of a stream.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public long Created { get; init; }

    /// <summary>The model as the client wrote it.</summary>
    public required string Model { get; init; }

    /// <summary>Always the same.</summary>
    public string SystemFingerprint { get; init; } = CompletionHead.Fingerprint;

    /// <summary>The choices; empty in the event that only carries usage.</summary>
    public required IReadOnlyList<ChatChoice> Choices { get; init; }

    /// <summary>What it cost.</summary>
    public UsageWire? Usage { get; init; }
}

/// <summary>One choice, or what is new in it.</summary>
internal sealed record ChatChoice
{
    /// <summary>Position among the choices.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public int Index { get; init; }

    /// <summary>The whole message.</summary>
    public AssistantMessage? Message { get; init; }

    /// <summary>What is new in the message.</summary>
    public AssistantMessage? Delta { get; init; }

    /// <summary>Why the choice ended; null is written.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public string? FinishReason { get; init; }

    /// <summary>Log-probabilities of the tokens behind this.</summary>
    [JsonPropertyName("logprobs")]
    public ChatLogProbs? LogProbs { get; init; }
}

/// <summary>Log-probabilities of a chat.</summary>
/// <param name="Content">One for each token.</param>
internal sealed record ChatLogProbs(IReadOnlyList<LogProbWire> Content);

/// <summary>The assistant's message, or what is new in it.</summary>
internal sealed record AssistantMessage
{
    /// <summary>Who speaks.</summary>
    public string? Role { get; init; }

    /// <summary>The text.</summary>
    public string? Content { get; init; }

    /// <summary>Reasoning.</summary>
    public string? Reasoning { get; init; }

    /// <summary>Calls that the model asks for.</summary>
    public IReadOnlyList<ToolCallItem>? ToolCalls { get; init; }
}

/// <summary>One call, or what it grew by.</summary>
internal sealed record ToolCallItem
{
    /// <summary>The only type.</summary>
    public const string FunctionType = "function";

    /// <summary>Its id; left out of pieces behind the first.</summary>
    public string? Id { get; init; }

    /// <summary>Position among the calls of the choice.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public int Index { get; init; }

    /// <summary><see cref="FunctionType"/>; left out of pieces behind the first.</summary>
    public string? Type { get; init; }

    /// <summary>What is called.</summary>
    public required CalledFunction Function { get; init; }
}

/// <summary>What is called.</summary>
/// <param name="Name">The function; left out of pieces behind the first.</param>
/// <param name="Arguments">The text of a JSON object, or what is new of it.</param>
internal sealed record CalledFunction(string? Name, string Arguments);
