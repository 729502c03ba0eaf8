using System.Text.Json;

namespace Ollama.Platform.Contracts.Models;

/// <summary>Documents to score by how well they answer a query.</summary>
public sealed record RerankRequest
{
    /// <summary>Documents of one request at most.</summary>
    public const int DocumentCountMax = 2048;

    /// <summary>The model as the client wrote it; it must be one that ranks.</summary>
    public required string Model { get; init; }

    /// <summary>What is sought; not empty.</summary>
    public required string Query { get; init; }

    /// <summary>What may answer it.</summary>
    public required IReadOnlyList<string> Documents { get; init; }

    /// <summary>Cuts documents that exceed the context length together with the query; when false they are
    /// refused.</summary>
    public bool Truncate { get; init; } = true;

    /// <summary>Gives the numbers of the model as they are, instead of bringing them between 0 and 1.</summary>
    public bool RawScores { get; init; }

    /// <summary>Options by wire name, unchecked.</summary>
    public IReadOnlyDictionary<string, JsonElement> Options { get; init; } = GenerationRequest.NoOptions;

    /// <summary>As <see cref="GenerationRequest.KeepAlive"/>.</summary>
    public TimeSpan? KeepAlive { get; init; }

    /// <summary>As <see cref="GenerationRequest.Priority"/>.</summary>
    public int Priority { get; init; }

    /// <summary>As <see cref="GenerationRequest.Deadline"/>.</summary>
    public TimeSpan? Deadline { get; init; }
}

/// <summary>The scores of a <see cref="RerankRequest"/>.</summary>
public sealed record RerankResult
{
    /// <summary>One for each document, in the order of the documents; the higher answers better.</summary>
    public required IReadOnlyList<float> Scores { get; init; }

    /// <summary>Tokens of all pairs of query and document together.</summary>
    public int PromptTokenCount { get; init; }

    /// <summary>From the request's arrival to the last score.</summary>
    public TimeSpan TotalDuration { get; init; }

    /// <summary>Waiting for the model to be loaded.</summary>
    public TimeSpan LoadDuration { get; init; }
}
