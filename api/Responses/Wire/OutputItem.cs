using System.Text.Json.Serialization;
using Ollama.Platform.Contracts.Models;

namespace Ollama.Platform.Api.Responses.Wire;

/// <summary>One thing that the model produced: a message, its reasoning, or a call. Nulls are left out.</summary>
internal sealed record OutputItem
{
    /// <summary>The state of an item that grows.</summary>
    public const string InProgress = "in_progress";

    /// <summary>The state of an item that is whole.</summary>
    public const string Completed = "completed";

    /// <summary>The state of an item that was cut.</summary>
    public const string Incomplete = "incomplete";

    /// <summary>Names the item.</summary>
    public required string Id { get; init; }

    /// <summary><c>message</c>, <c>reasoning</c> or <c>function_call</c>.</summary>
    public required string Type { get; init; }

    /// <summary>Whether it is whole; reasoning has none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Status { get; init; }

    /// <summary>Who speaks, in a message.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Role { get; init; }

    /// <summary>The parts of a message.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<ContentPart>? Content { get; init; }

    /// <summary>The text of reasoning.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<SummaryPart>? Summary { get; init; }

    /// <summary>The text of reasoning, for clients that send it back.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? EncryptedContent { get; init; }

    /// <summary>The call, which its result names.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? CallId { get; init; }

    /// <summary>The function that is called.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Name { get; init; }

    /// <summary>The text of a JSON object.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Arguments { get; init; }
}

/// <summary>One part of a message.</summary>
/// <param name="Text">Its text.</param>
/// <param name="LogProbs">Log-probabilities of its tokens, when asked for.</param>
internal sealed record ContentPart(
    string Text, [property: JsonPropertyName("logprobs"), JsonPropertyOrder(1)] IReadOnlyList<TokenWire> LogProbs)
{
    /// <summary>Always the same.</summary>
    [JsonPropertyOrder(-1)]
    public string Type { get; } = "output_text";

    /// <summary>Places that the text cites; there are none.</summary>
    public IReadOnlyList<string> Annotations { get; } = [];
}

/// <summary>One part of reasoning.</summary>
/// <param name="Text">Its text.</param>
internal sealed record SummaryPart(string Text)
{
    /// <summary>Always the same.</summary>
    [JsonPropertyOrder(-1)]
    public string Type { get; } = "summary_text";
}

/// <summary>The log-probability of one token.</summary>
/// <param name="Token">The token's text.</param>
/// <param name="Logprob">Natural logarithm of the probability.</param>
/// <param name="Bytes">The token's bytes.</param>
/// <param name="TopLogprobs">The best alternatives.</param>
internal sealed record TokenWire(
    string Token, double Logprob, IReadOnlyList<int> Bytes, IReadOnlyList<TokenWire> TopLogprobs)
{
    /// <summary>Tokens as the wire has them.</summary>
    public static IReadOnlyList<TokenWire> Of(IReadOnlyList<TokenLogProb> tokens) =>
        tokens.Count == 0
            ? []
            : [.. tokens.Select(token => new TokenWire(token.Token, token.LogProb, token.Bytes, Of(token.Top)))];
}
