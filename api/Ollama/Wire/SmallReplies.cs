using System.Text.Json.Serialization;

namespace Ollama.Platform.Api.Ollama.Wire;

/// <summary>A refusal, as body or as the last line of a stream.</summary>
/// <param name="Error">What went wrong.</param>
internal sealed record ErrorLine(string Error);

/// <summary>The answer of <c>/api/version</c>.</summary>
/// <param name="Version">A semantic version.</param>
internal sealed record VersionReply(string Version);

/// <summary>The answer of <c>/api/status</c>.</summary>
/// <param name="Cloud">Whether models of ollama.com can be used through this server.</param>
internal sealed record StatusReply(CloudWire Cloud);

/// <summary>The state of the cloud feature.</summary>
/// <param name="Disabled">It cannot be used.</param>
/// <param name="Source">Where that was decided.</param>
internal sealed record CloudWire(
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] bool Disabled, string Source);

/// <summary>The answer of <c>/api/cancel</c>.</summary>
/// <param name="Id">The id that was asked for.</param>
/// <param name="Canceled">How many requests ran under it.</param>
internal sealed record CancelReply(string Id, int Canceled);

/// <summary>The answer of <c>/api/embed</c>.</summary>
internal sealed record EmbedReply
{
    /// <summary>The model as the client wrote it.</summary>
    public required string Model { get; init; }

    /// <summary>One vector for each input.</summary>
    public required IReadOnlyList<float[]> Embeddings { get; init; }

    /// <summary>Nanoseconds from arrival to the last vector.</summary>
    public long TotalDuration { get; init; }

    /// <summary>Nanoseconds of waiting for the model.</summary>
    public long LoadDuration { get; init; }

    /// <summary>Tokens of all inputs.</summary>
    public int PromptEvalCount { get; init; }
}

/// <summary>The answer of <c>/api/embeddings</c>.</summary>
/// <param name="Embedding">The vector, in double precision as this route always had it.</param>
internal sealed record EmbeddingsReply(IReadOnlyList<double> Embedding)
{
    /// <summary>The model as the client wrote it; through Olla's prefix only, as all that follows.</summary>
    public string? Model { get; init; }

    /// <summary>Nanoseconds from arrival to the vector.</summary>
    public long TotalDuration { get; init; }

    /// <summary>Nanoseconds of waiting for the model.</summary>
    public long LoadDuration { get; init; }

    /// <summary>Tokens of the text.</summary>
    public int PromptEvalCount { get; init; }
}

/// <summary>The answer of <c>/api/tokenize</c>.</summary>
internal sealed record TokenizeReply
{
    /// <summary>The model as the client wrote it.</summary>
    public required string Model { get; init; }

    /// <summary>The tokens of the text.</summary>
    public required IReadOnlyList<int> Tokens { get; init; }

    /// <summary>Nanoseconds from arrival to the answer.</summary>
    public long TotalDuration { get; init; }

    /// <summary>Nanoseconds of waiting for the model.</summary>
    public long LoadDuration { get; init; }
}

/// <summary>The answer of <c>/api/detokenize</c>.</summary>
internal sealed record DetokenizeReply
{
    /// <summary>The model as the client wrote it.</summary>
    public required string Model { get; init; }

    /// <summary>The text of the tokens.</summary>
    public required string Content { get; init; }

    /// <summary>Nanoseconds from arrival to the answer.</summary>
    public long TotalDuration { get; init; }

    /// <summary>Nanoseconds of waiting for the model.</summary>
    public long LoadDuration { get; init; }
}

/// <summary>One step of a create, pull or push. Nulls and zeros are left out.</summary>
/// <param name="Status">What is being done.</param>
/// <param name="Digest">What tells this step's bar from others.</param>
/// <param name="Total">Bytes to move.</param>
/// <param name="Completed">Bytes moved.</param>
internal sealed record ProgressLine(string Status, string? Digest, long Total, long Completed);
