using Ollama.Platform.Contracts.Errors;
using Ollama.Platform.Contracts.Models;

namespace Ollama.Platform.Contracts.Cluster;

/// <summary>
/// One item of a replica's reply stream: exactly one member is set, or none: a heartbeat. A refusal ends the stream.
/// </summary>
public sealed record ReplicaReply
{
    /// <summary>Says only that the replica is alive.</summary>
    public static ReplicaReply Heartbeat { get; } = new();

    /// <summary>The replica is loaded.</summary>
    public ReplicaStatus? Loaded { get; init; }

    /// <summary>A piece of the completion.</summary>
    public GenerationChunk? Chunk { get; init; }

    /// <summary>The vectors asked for.</summary>
    public EmbeddingResult? Embedding { get; init; }

    /// <summary>The scores asked for.</summary>
    public RerankResult? Ranking { get; init; }

    /// <summary>The tokens asked for.</summary>
    public TokenizeResult? Tokenized { get; init; }

    /// <summary>The text asked for.</summary>
    public DetokenizeResult? Detokenized { get; init; }

    /// <summary>Why there is nothing more.</summary>
    public Refusal? Refusal { get; init; }
}
