using System.Text.Json.Serialization;
using Ollama.Platform.Api.Ollama.Wire;

namespace Ollama.Platform.Api.OpenAi.Wire;

/// <summary>The answer of <c>/v1/embeddings</c>.</summary>
internal sealed record EmbeddingList
{
    /// <summary>Always the same.</summary>
    public string Object { get; init; } = "list";

    /// <summary>One for each input.</summary>
    public required IReadOnlyList<EmbeddingItem> Data { get; init; }

    /// <summary>The model as the client wrote it.</summary>
    public required string Model { get; init; }

    /// <summary>What it cost.</summary>
    public required UsageWire Usage { get; init; }
}

/// <summary>The vector of one input.</summary>
internal sealed record EmbeddingItem
{
    /// <summary>Always the same.</summary>
    public string Object { get; init; } = "embedding";

    /// <summary>The components.</summary>
    public required VectorWire Embedding { get; init; }

    /// <summary>Position of the input.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public int Index { get; init; }
}

/// <summary>The answer of <c>/v1/rerank</c>.</summary>
internal sealed record RerankList
{
    /// <summary>Always the same.</summary>
    public string Object { get; init; } = "list";

    /// <summary>The model as the client wrote it.</summary>
    public required string Model { get; init; }

    /// <summary>The best first.</summary>
    public required IReadOnlyList<RerankItem> Results { get; init; }

    /// <summary>What it cost.</summary>
    public required UsageWire Usage { get; init; }
}

/// <summary>The answer of <c>/v1/models</c>.</summary>
internal sealed record ModelList
{
    /// <summary>Always the same.</summary>
    public string Object { get; init; } = "list";

    /// <summary>Latest change first; null, which is written, when there are none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public IReadOnlyList<ModelItem>? Data { get; init; }
}

/// <summary>One model of the library.</summary>
internal sealed record ModelItem
{
    /// <summary>Its name.</summary>
    public required string Id { get; init; }

    /// <summary>Always the same.</summary>
    public string Object { get; init; } = "model";

    /// <summary>Latest change, in seconds since 1970.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public long Created { get; init; }

    /// <summary>Its namespace.</summary>
    public required string OwnedBy { get; init; }
}
