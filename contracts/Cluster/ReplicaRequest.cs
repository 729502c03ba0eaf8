using Ollama.Platform.Contracts.Models;

namespace Ollama.Platform.Contracts.Cluster;

/// <summary>Asks a replica to be loaded and to stay so while the reply stream is open.</summary>
public sealed record ReplicaLoad
{
    /// <summary>What to load.</summary>
    public required LoadPlan Plan { get; init; }

    /// <summary>How long it stays loaded afterwards; null keeps what is in effect.</summary>
    public TimeSpan? KeepAlive { get; init; }

    /// <summary>
    /// The model's queue asks, for requests that are coming and will each say for themselves what they need.
    /// </summary>
    public bool ForQueue { get; init; }
}

/// <summary>Asks a replica to chat or complete.</summary>
public sealed record ReplicaGeneration
{
    /// <summary>What must be loaded.</summary>
    public required LoadPlan Plan { get; init; }

    /// <summary>The request, checked, with its thinking resolved.</summary>
    public required GenerationRequest Request { get; init; }

    /// <summary>Runs nothing: the one chunk of the reply tells the size of the whole prompt, however long.</summary>
    public bool CountsOnly { get; init; }
}

/// <summary>Asks a replica to split a text or to join tokens: exactly one of the two requests is set.</summary>
public sealed record ReplicaTokenization
{
    /// <summary>What must be loaded.</summary>
    public required LoadPlan Plan { get; init; }

    /// <summary>A text to split.</summary>
    public TokenizeRequest? Tokenize { get; init; }

    /// <summary>Tokens to join, checked.</summary>
    public DetokenizeRequest? Detokenize { get; init; }
}

/// <summary>Asks a replica for scores.</summary>
public sealed record ReplicaReranking
{
    /// <summary>What must be loaded.</summary>
    public required LoadPlan Plan { get; init; }

    /// <summary>The request, checked.</summary>
    public required RerankRequest Request { get; init; }
}

/// <summary>Asks a replica for vectors.</summary>
public sealed record ReplicaEmbedding
{
    /// <summary>What must be loaded.</summary>
    public required LoadPlan Plan { get; init; }

    /// <summary>The request, checked.</summary>
    public required EmbeddingRequest Request { get; init; }
}
