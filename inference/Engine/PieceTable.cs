namespace Ollama.Platform.Inference.Engine;

/// <summary>The bytes of every token of a vocabulary, back to back, and which tokens end a sequence.</summary>
public sealed class PieceTable
{
    private readonly ReadOnlyMemory<byte> _bytes;
    private readonly int[] _offsets;
    private readonly bool[] _ends;

    /// <summary>Builds the table.</summary>
    /// <param name="pieces">Bytes of each token, by token.</param>
    /// <param name="ends">Whether each token ends a sequence (EOS, EOT, …).</param>
    public PieceTable(IReadOnlyList<byte[]> pieces, IReadOnlyList<bool> ends)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(ends.Count, pieces.Count);
        _offsets = new int[pieces.Count + 1];
        var bytes = new byte[pieces.Sum(piece => piece.Length)];
        _bytes = bytes;
        _ends = [.. ends];
        for (var token = 0; token < pieces.Count; token++)
        {
            pieces[token].CopyTo(bytes, _offsets[token]);
            _offsets[token + 1] = _offsets[token] + pieces[token].Length;
        }
    }

    /// <summary>Takes over a table that is built already.</summary>
    /// <param name="bytes">Bytes of all tokens, back to back.</param>
    /// <param name="offsets">Where each token's bytes begin, and behind the last one their end.</param>
    /// <param name="ends">Whether each token ends a sequence.</param>
    internal PieceTable(ReadOnlyMemory<byte> bytes, int[] offsets, bool[] ends)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(offsets.Length, ends.Length + 1);
        (_bytes, _offsets, _ends) = (bytes, offsets, ends);
    }

    /// <summary>Number of tokens.</summary>
    public int Count => _ends.Length;

    /// <summary>The bytes that a token stands for; not necessarily whole UTF-8 characters.</summary>
    public ReadOnlySpan<byte> this[int token] => _bytes.Span[_offsets[token].._offsets[token + 1]];

    /// <summary>Whether the token ends a sequence.</summary>
    public bool IsEnd(int token) => _ends[token];
}
