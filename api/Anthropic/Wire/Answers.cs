using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ollama.Platform.Api.Anthropic.Wire;

/// <summary>A whole message of the assistant, or its beginning.</summary>
/// <param name="Id">Names the message.</param>
/// <param name="Model">The model as the client wrote it.</param>
/// <param name="Content">The blocks, in the order in which the model produced them.</param>
/// <param name="StopReason">Why it ends; null while it goes on.</param>
/// <param name="StopSequence">Which stop sequence of the client ended it.</param>
/// <param name="Usage">What it cost.</param>
internal sealed record AnswerWire(
    [property: JsonPropertyOrder(-3)] string Id,
    string Model,
    IReadOnlyList<BlockWire> Content,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? StopReason,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? StopSequence,
    [property: JsonPropertyOrder(1)] UsageWire Usage)
{
    /// <summary>What this is.</summary>
    [JsonPropertyOrder(-2)]
    [AllowedValues("message")]
    public string Type { get; } = "message";

    /// <summary>Who speaks.</summary>
    [JsonPropertyOrder(-1)]
    [AllowedValues("assistant")]
    public string Role { get; } = "assistant";
}

/// <summary>One block of a message.</summary>
internal sealed record BlockWire
{
    /// <summary><c>text</c>, <c>thinking</c> or <c>tool_use</c>.</summary>
    [AllowedValues("text", "thinking", "tool_use")]
    public required string Type { get; init; }

    /// <summary>The answer.</summary>
    public string? Text { get; init; }

    /// <summary>The reasoning.</summary>
    public string? Thinking { get; init; }

    /// <summary>
    /// A digest of the reasoning, since clients want a signature and send it back; empty where the block begins.
    /// </summary>
    public string? Signature { get; init; }

    /// <summary>Names a call, so that its result can be told.</summary>
    public string? Id { get; init; }

    /// <summary>The function that is called.</summary>
    public string? Name { get; init; }

    /// <summary>Its arguments: an object.</summary>
    public JsonElement? Input { get; init; }
}

/// <summary>What a message cost, in tokens. Those of the prompt are the sum of the first three.</summary>
/// <param name="InputTokens">Tokens of the prompt that were computed.</param>
/// <param name="CacheCreationInputTokens">Always 0: nothing is charged for keeping.</param>
/// <param name="CacheReadInputTokens">Tokens of the prompt that the prefix cache held.</param>
/// <param name="OutputTokens">Tokens produced.</param>
internal sealed record UsageWire(
    int InputTokens, int CacheCreationInputTokens, int CacheReadInputTokens, int OutputTokens);

/// <summary>The size of a prompt.</summary>
/// <param name="InputTokens">Its tokens.</param>
internal sealed record CountWire(int InputTokens);

/// <summary>An error.</summary>
/// <param name="Error">What went wrong.</param>
/// <param name="RequestId">Whose error it is.</param>
internal sealed record ErrorWire(ErrorPartWire Error, string RequestId)
{
    /// <summary>What this is.</summary>
    [JsonPropertyOrder(-1)]
    [AllowedValues("error")]
    public string Type { get; } = "error";
}

/// <summary>What went wrong.</summary>
/// <param name="Type">The kind, by which clients choose their exception.</param>
/// <param name="Message">A sentence.</param>
internal sealed record ErrorPartWire(string Type, string Message);
