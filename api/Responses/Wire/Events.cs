using System.Text.Json.Serialization;
using Ollama.Platform.Api.OpenApi;

namespace Ollama.Platform.Api.Responses.Wire;

/// <summary>One event of a response's stream. Nulls are left out.</summary>
internal sealed record ResponseEvent
{
    /// <summary>What happened; also the event's name.</summary>
    public required string Type { get; init; }

    /// <summary>Counts the events of a stream from 0.</summary>
    public int SequenceNumber { get; set; }

    /// <summary>The response as it is now.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ResponseWire? Response { get; init; }

    /// <summary>The item that it is about.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ItemId { get; init; }

    /// <summary>Position of the item.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? OutputIndex { get; init; }

    /// <summary>Position of the part in a message.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? ContentIndex { get; init; }

    /// <summary>Position of the part in reasoning.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? SummaryIndex { get; init; }

    /// <summary>The item as it is now.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public OutputItem? Item { get; init; }

    /// <summary>A <see cref="ContentPart"/> or a <see cref="SummaryPart"/>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [OneOf(typeof(ContentPart), typeof(SummaryPart))]
    public object? Part { get; init; }

    /// <summary>What the text or the arguments grew by.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Delta { get; init; }

    /// <summary>The whole text.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Text { get; init; }

    /// <summary>The function that is called.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Name { get; init; }

    /// <summary>The whole arguments.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Arguments { get; init; }

    /// <summary>Log-probabilities of the tokens of a text.</summary>
    [JsonPropertyName("logprobs")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<TokenWire>? LogProbs { get; init; }
}

/// <summary>
/// The end of a stream that says nothing more about its response. The error stands there twice: in the place that
/// OpenAI's reference has, and in the one where its clients look.
/// </summary>
internal sealed record ErrorEvent
{
    /// <summary>Always the same; also the event's name.</summary>
    public string Type { get; init; } = "error";

    /// <summary>Counts the events of a stream from 0.</summary>
    public required int SequenceNumber { get; init; }

    /// <summary>One of OpenAI's words for it.</summary>
    public required string Code { get; init; }

    /// <summary>The sentence.</summary>
    public required string Message { get; init; }

    /// <summary>The field; never named.</summary>
    public string? Param { get; init; }

    /// <summary>The same once more.</summary>
    public OpenAi.Wire.ErrorWire? Error { get; init; }
}
