namespace Ollama.Platform.Contracts.Library;

/// <summary>What a model can do; the wire names are the lower-case member names.</summary>
public enum ModelCapability
{
    /// <summary>Continues text.</summary>
    Completion = 0,

    /// <summary>Calls tools.</summary>
    Tools = 1,

    /// <summary>Fills a gap between prompt and suffix.</summary>
    Insert = 2,

    /// <summary>Reads images.</summary>
    Vision = 3,

    /// <summary>Turns text into vectors.</summary>
    Embedding = 4,

    /// <summary>Reasons before it answers.</summary>
    Thinking = 5,

    /// <summary>Draws images.</summary>
    Image = 6,

    /// <summary>Hears audio.</summary>
    Audio = 7,

    /// <summary>Scores documents by how well they answer a query.</summary>
    Rerank = 8,
}
