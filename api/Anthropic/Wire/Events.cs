using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace Ollama.Platform.Api.Anthropic.Wire;

/// <summary>An event that says only what it is: <c>ping</c> or <c>message_stop</c>.</summary>
/// <param name="Type">Its name.</param>
internal sealed record MarkWire(
    [property: AllowedValues("ping", "message_stop")] string Type);

/// <summary>A message begins.</summary>
/// <param name="Type">Its name.</param>
/// <param name="Message">The message without blocks.</param>
internal sealed record MessageStartWire(
    [property: AllowedValues("message_start")] string Type, AnswerWire Message);

/// <summary>A block begins.</summary>
/// <param name="Type">Its name.</param>
/// <param name="Index">Position of the block, from 0.</param>
/// <param name="ContentBlock">The empty block.</param>
internal sealed record BlockStartWire(
    [property: AllowedValues("content_block_start")] string Type, int Index, BlockWire ContentBlock);

/// <summary>A block grows.</summary>
/// <param name="Type">Its name.</param>
/// <param name="Index">Position of the block.</param>
/// <param name="Delta">What is new.</param>
internal sealed record BlockDeltaWire(
    [property: AllowedValues("content_block_delta")] string Type, int Index, DeltaWire Delta);

/// <summary>What is new in a block: one of the four.</summary>
internal sealed record DeltaWire
{
    /// <summary>
    /// <c>text_delta</c>, <c>thinking_delta</c>, <c>signature_delta</c> or <c>input_json_delta</c>.
    /// </summary>
    [AllowedValues("text_delta", "thinking_delta", "signature_delta", "input_json_delta")]
    public required string Type { get; init; }

    /// <summary>Text of the answer.</summary>
    public string? Text { get; init; }

    /// <summary>Text of the reasoning.</summary>
    public string? Thinking { get; init; }

    /// <summary>The signature of the reasoning, which has ended.</summary>
    public string? Signature { get; init; }

    /// <summary>Arguments of a call as JSON text.</summary>
    public string? PartialJson { get; init; }
}

/// <summary>A block ends.</summary>
/// <param name="Type">Its name.</param>
/// <param name="Index">Position of the block.</param>
internal sealed record BlockStopWire(
    [property: AllowedValues("content_block_stop")] string Type, int Index);

/// <summary>The message ends.</summary>
/// <param name="Type">Its name.</param>
/// <param name="Delta">Why.</param>
/// <param name="Usage">What it cost in all.</param>
internal sealed record MessageDeltaWire(
    [property: AllowedValues("message_delta")] string Type, StopWire Delta, UsageWire Usage);

/// <summary>Why a message ended.</summary>
/// <param name="StopReason">The reason.</param>
/// <param name="StopSequence">As <see cref="AnswerWire.StopSequence"/>.</param>
internal sealed record StopWire(
    string StopReason,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? StopSequence);
