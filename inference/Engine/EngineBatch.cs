namespace Ollama.Platform.Inference.Engine;

/// <summary>
/// The tokens of one native call, in arrays that live as long as the decode loop. Not thread-safe.
/// </summary>
public sealed class EngineBatch
{
    private readonly int[] _tokens;
    private readonly int[] _positions;
    private readonly int[] _sequences;
    private readonly bool[] _outputs;

    /// <summary>Makes an empty batch.</summary>
    /// <param name="tokensMax">Entries that fit.</param>
    public EngineBatch(int tokensMax)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(tokensMax);
        _tokens = new int[tokensMax];
        _positions = new int[tokensMax];
        _sequences = new int[tokensMax];
        _outputs = new bool[tokensMax];
    }

    /// <summary>Entries in the batch.</summary>
    public int Count { get; private set; }

    /// <summary>Entries that still fit.</summary>
    public int Room => _tokens.Length - Count;

    /// <summary>Token of each entry.</summary>
    public ReadOnlySpan<int> Tokens => _tokens.AsSpan(0, Count);

    /// <summary>Position of each entry within its sequence.</summary>
    public ReadOnlySpan<int> Positions => _positions.AsSpan(0, Count);

    /// <summary>Sequence of each entry.</summary>
    public ReadOnlySpan<int> Sequences => _sequences.AsSpan(0, Count);

    /// <summary>Whether each entry's logits are wanted.</summary>
    public ReadOnlySpan<bool> Outputs => _outputs.AsSpan(0, Count);

    /// <summary>Appends an entry and returns its index.</summary>
    /// <exception cref="InvalidOperationException">The batch is full.</exception>
    public int Add(int token, int position, int sequence, bool output)
    {
        if (Room == 0)
        {
            throw new InvalidOperationException("The batch is full.");
        }

        _tokens[Count] = token;
        _positions[Count] = position;
        _sequences[Count] = sequence;
        _outputs[Count] = output;
        return Count++;
    }

    /// <summary>Empties the batch.</summary>
    public void Clear() => Count = 0;
}
