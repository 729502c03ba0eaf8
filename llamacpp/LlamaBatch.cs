using System.Runtime.InteropServices;
using Ollama.Platform.LlamaCpp.Interop;

namespace Ollama.Platform.LlamaCpp;

/// <summary>
/// The tokens of one call, in pinned arrays that native code reads where they are; nothing is allocated after the
/// constructor. Not thread-safe.
/// </summary>
public sealed class LlamaBatch
{
    private readonly int[] _tokens;
    private readonly int[] _positions;
    private readonly int[] _sequences;
    private readonly int[] _sequenceCounts;
    private readonly nint[] _sequenceAddresses;
    private readonly byte[] _outputs;
    private LlamaBatchArrays _arrays;

    /// <summary>Makes an empty batch.</summary>
    /// <param name="tokensMax">Entries that fit.</param>
    public LlamaBatch(int tokensMax)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(tokensMax);
        _tokens = GC.AllocateArray<int>(tokensMax, pinned: true);
        _positions = GC.AllocateArray<int>(tokensMax, pinned: true);
        _sequences = GC.AllocateArray<int>(tokensMax, pinned: true);
        _sequenceCounts = GC.AllocateArray<int>(tokensMax, pinned: true);
        _sequenceAddresses = GC.AllocateArray<nint>(tokensMax, pinned: true);
        _outputs = GC.AllocateArray<byte>(tokensMax, pinned: true);
        for (var entry = 0; entry < tokensMax; entry++)
        {
            // Every entry belongs to exactly one sequence.
            _sequenceCounts[entry] = 1;
            _sequenceAddresses[entry] = Marshal.UnsafeAddrOfPinnedArrayElement(_sequences, entry);
        }

        _arrays = new LlamaBatchArrays
        {
            token = Marshal.UnsafeAddrOfPinnedArrayElement(_tokens, 0),
            pos = Marshal.UnsafeAddrOfPinnedArrayElement(_positions, 0),
            n_seq_id = Marshal.UnsafeAddrOfPinnedArrayElement(_sequenceCounts, 0),
            seq_id = Marshal.UnsafeAddrOfPinnedArrayElement(_sequenceAddresses, 0),
            logits = Marshal.UnsafeAddrOfPinnedArrayElement(_outputs, 0),
        };
    }

    /// <summary>Entries in the batch.</summary>
    public int Count => _arrays.n_tokens;

    /// <summary>Entries that fit.</summary>
    public int TokensMax => _tokens.Length;

    internal ReadOnlySpan<int> Tokens => _tokens.AsSpan(0, Count);

    internal ReadOnlySpan<int> Positions => _positions.AsSpan(0, Count);

    internal ReadOnlySpan<int> Sequences => _sequences.AsSpan(0, Count);

    internal ReadOnlySpan<byte> Outputs => _outputs.AsSpan(0, Count);

    internal ref readonly LlamaBatchArrays Arrays => ref _arrays;

    /// <summary>Appends an entry and returns its index.</summary>
    /// <exception cref="InvalidOperationException">The batch is full.</exception>
    public int Add(int token, int position, int sequence, bool output)
    {
        var entry = Count;
        if (entry == TokensMax)
        {
            throw new InvalidOperationException("The batch is full.");
        }

        _tokens[entry] = token;
        _positions[entry] = position;
        _sequences[entry] = sequence;
        _outputs[entry] = (byte)(output ? 1 : 0);
        _arrays.n_tokens = entry + 1;
        return entry;
    }

    /// <summary>Empties the batch.</summary>
    public void Clear() => _arrays.n_tokens = 0;
}
