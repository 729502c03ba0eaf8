namespace Ollama.Platform.Contracts.Library;

/// <summary>What the header of a GGUF file says about the weights, as far as serving needs it.</summary>
public sealed record WeightsDescription
{
    /// <summary><c>general.architecture</c>.</summary>
    public required string Architecture { get; init; }

    /// <summary>Size of the file.</summary>
    public required long FileBytes { get; init; }

    /// <summary>Trained context length in tokens; 0 when not stated.</summary>
    public int ContextTokensTrained { get; init; }

    /// <summary>Number of layers.</summary>
    public int LayerCount { get; init; }

    /// <summary>Width of the hidden state.</summary>
    public int EmbeddingLength { get; init; }

    /// <summary>Key and value heads of all layers together (a layer without attention counts 0).</summary>
    public long KeyValueHeadCount { get; init; }

    /// <summary>Components of one key head.</summary>
    public int KeyLength { get; init; }

    /// <summary>Components of one value head.</summary>
    public int ValueLength { get; init; }

    /// <summary>Number of tokens in the vocabulary.</summary>
    public int VocabularySize { get; init; }

    /// <summary>The model has a pooling type: it produces embeddings, or ranks.</summary>
    public bool HasPooling { get; init; }

    /// <summary>The pooling type is that of a model that ranks: it produces scores of pairs, no embeddings.</summary>
    public bool HasRanking { get; init; }

    /// <summary>
    /// <c>tokenizer.chat_template.rerank</c>: a pair to rank with <c>{query}</c> and <c>{document}</c>; null when there
    /// is none.
    /// </summary>
    public string? RerankTemplate { get; init; }

    /// <summary><c>tokenizer.chat_template</c>, a Jinja template; null when there is none.</summary>
    public string? ChatTemplate { get; init; }

    /// <summary>Text of the token that begins a sequence; null when there is none.</summary>
    public string? BosToken { get; init; }

    /// <summary>Text of the token that ends a sequence; null when there is none.</summary>
    public string? EosToken { get; init; }

    /// <summary>Text of the token that introduces the text before a gap; null when there is none.</summary>
    public string? FimPrefixToken { get; init; }

    /// <summary>Text of the token that introduces the text after a gap; null when there is none.</summary>
    public string? FimSuffixToken { get; init; }

    /// <summary>Text of the token after which the gap is filled; null when there is none.</summary>
    public string? FimMiddleToken { get; init; }

    /// <summary>The tokenizer puts the beginning token in front by itself.</summary>
    public bool AddsBosToken { get; init; }

    /// <summary>The tokenizer appends the end token by itself.</summary>
    public bool AddsEosToken { get; init; }
}
