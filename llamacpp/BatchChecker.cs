namespace Ollama.Platform.LlamaCpp;

/// <summary>
/// Holds a batch against what a context can compute, before native code sees it. Used by the context's thread, without
/// allocation: each sequence's expected position is kept in an array that is not cleared but stamped.
/// </summary>
internal sealed class BatchChecker(
    int vocabularySize,
    int sequenceCount,
    int tokensMax,
    int outputCountMax,
    int positionsMax)
{
    private readonly int[] _nextPosition = new int[sequenceCount];
    private readonly long[] _seenIn = new long[sequenceCount];
    private long _batchNumber;

    /// <summary>Checks the batch as a whole.</summary>
    public void Begin(LlamaBatch batch)
    {
        if (batch.Count == 0)
        {
            throw new ArgumentException("The batch is empty.", nameof(batch));
        }

        if (batch.Count > tokensMax)
        {
            throw new ArgumentException($"The batch has {batch.Count} tokens; {tokensMax} fit.", nameof(batch));
        }

        var outputCount = batch.Count - System.MemoryExtensions.Count(batch.Outputs, (byte)0);
        if (outputCount > outputCountMax)
        {
            throw new ArgumentException(
                $"{outputCount} entries are marked as output; {outputCountMax} may be.", nameof(batch));
        }

        _batchNumber++;
    }

    /// <summary>Checks token and sequence of an entry and returns the sequence.</summary>
    public int CheckEntry(LlamaBatch batch, int entry)
    {
        var token = batch.Tokens[entry];
        if ((uint)token >= (uint)vocabularySize)
        {
            throw new ArgumentException(
                $"Entry {entry} has token {token}; the vocabulary has {vocabularySize}.", nameof(batch));
        }

        var sequence = batch.Sequences[entry];
        if ((uint)sequence >= (uint)sequenceCount)
        {
            throw new ArgumentException(
                $"Entry {entry} has sequence {sequence}; there are {sequenceCount}.", nameof(batch));
        }

        return sequence;
    }

    /// <summary>Whether the sequence has not been met in this batch.</summary>
    public bool IsFirstOf(int sequence) => _seenIn[sequence] != _batchNumber;

    /// <summary>Notes where the sequence ends in the cache; −1 for nowhere, then it may begin anywhere.</summary>
    public void Expect(int sequence, int lastPosition)
    {
        _seenIn[sequence] = _batchNumber;
        _nextPosition[sequence] = lastPosition < 0 ? -1 : lastPosition + 1;
    }

    /// <summary>Checks that an entry's position follows the one before it in its sequence.</summary>
    public void CheckPosition(LlamaBatch batch, int entry)
    {
        var position = batch.Positions[entry];
        var sequence = batch.Sequences[entry];
        var expected = _nextPosition[sequence];
        if (position >= positionsMax)
        {
            throw new ArgumentException(
                $"Entry {entry} has position {position}; the model knows {positionsMax}.", nameof(batch));
        }

        if (position < 0 || (expected >= 0 && position != expected))
        {
            throw new ArgumentException(
                $"Entry {entry} has position {position} in sequence {sequence}; "
                + (expected < 0 ? "positions begin at 0." : $"the next one is {expected}."),
                nameof(batch));
        }

        _nextPosition[sequence] = position + 1;
    }
}
