namespace Ollama.Platform.Inference.Sampling;

/// <summary>Buffers that every sequence of a decode loop samples with, one after the other, on its thread.</summary>
internal sealed class SamplerScratch(int vocabularySize)
{
    /// <summary>Shortest block of <see cref="TopCandidates"/>.</summary>
    public const int BlockLengthMin = 32;

    /// <summary>Number of tokens.</summary>
    public int VocabularySize => vocabularySize;

    /// <summary>Keys of candidates; sorted ones are the most probable first.</summary>
    public ulong[] Keys { get; } = new ulong[vocabularySize];

    /// <summary>Keys of places among candidates.</summary>
    public ulong[] Order { get; } = new ulong[vocabularySize];

    /// <summary>Keys of blocks of the vocabulary.</summary>
    public ulong[] BlockKeys { get; } = new ulong[(vocabularySize / BlockLengthMin) + 1];

    /// <summary>A bit for each token that a grammar allows, in the order of its tree.</summary>
    public ulong[] Allowed { get; } = new ulong[(vocabularySize + 63) / 64];

    /// <summary>Weights that are not normalized.</summary>
    public float[] Weights { get; } = new float[vocabularySize];

    /// <summary>More of them.</summary>
    public float[] Buffer { get; } = new float[vocabularySize];

    /// <summary>Scores of candidates that were gathered from the vocabulary.</summary>
    public float[] Scores { get; } = new float[vocabularySize];

    /// <summary>The tokens whose <see cref="Scores"/> they are.</summary>
    public int[] Tokens { get; } = new int[vocabularySize];
}
