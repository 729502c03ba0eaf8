namespace Ollama.Platform.LlamaCpp;

/// <summary>How the vectors of a sequence's tokens become one; <c>enum llama_pooling_type</c>.</summary>
public enum LlamaPooling
{
    /// <summary>As the model says.</summary>
    Unspecified = -1,

    /// <summary>No pooling: the model was not made for embeddings.</summary>
    None = 0,

    /// <summary>The mean.</summary>
    Mean = 1,

    /// <summary>The first token's.</summary>
    First = 2,

    /// <summary>The last token's.</summary>
    Last = 3,

    /// <summary>A classification head; for rerankers.</summary>
    Rank = 4,
}
