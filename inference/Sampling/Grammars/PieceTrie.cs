using Ollama.Platform.Inference.Engine;

namespace Ollama.Platform.Inference.Sampling.Grammars;

/// <summary>
/// The pieces of a vocabulary as a tree of bytes, written down in the order of a walk: tokens that begin alike are
/// checked together. Made once for a model; immutable.
/// </summary>
internal sealed class PieceTrie
{
    private readonly List<byte> _bytes = [];
    private readonly List<int> _depths = [];
    private readonly List<int> _ends = [];
    private readonly List<int> _tokenEnds = [];

    /// <summary>Builds the tree. Tokens without bytes and those that end a sequence are not in it.</summary>
    public PieceTrie(PieceTable pieces)
    {
        TokenCount = pieces.Count;
        EndTokens = [.. Enumerable.Range(0, pieces.Count).Where(pieces.IsEnd)];
        var tokens = Enumerable.Range(0, pieces.Count)
            .Where(token => !pieces.IsEnd(token) && pieces[token].Length > 0)
            .ToArray();
        Array.Sort(tokens, (left, right) => pieces[left].SequenceCompareTo(pieces[right]));
        Tokens = tokens;
        var path = new Stack<int>();
        for (var index = 0; index < tokens.Length; index++)
        {
            Insert(pieces, index, path);
        }

        Leave(path, 0);
        (Bytes, Depths, Ends, TokenEnds) = ([.. _bytes], [.. _depths], [.. _ends], [.. _tokenEnds]);
        DepthMax = Depths.Length == 0 ? 0 : Depths.Max();
        (_bytes, _depths, _ends, _tokenEnds) = ([], [], [], []);
    }

    /// <summary>Number of tokens of the vocabulary.</summary>
    public int TokenCount { get; }

    /// <summary>Tokens that end a sequence.</summary>
    public int[] EndTokens { get; }

    /// <summary>The tokens in the order of the tree.</summary>
    public int[] Tokens { get; }

    /// <summary>The byte that leads to each node.</summary>
    public byte[] Bytes { get; }

    /// <summary>Bytes from the root to each node; 1 at least.</summary>
    public int[] Depths { get; }

    /// <summary>The first node after each one that is not below it.</summary>
    public int[] Ends { get; }

    /// <summary>Index after the last of <see cref="Tokens"/> up to each node, its own included.</summary>
    public int[] TokenEnds { get; }

    /// <summary>The greatest of <see cref="Depths"/>.</summary>
    public int DepthMax { get; }

    private void Insert(PieceTable pieces, int index, Stack<int> path)
    {
        var piece = pieces[Tokens[index]];
        var shared = index == 0 ? 0 : piece.CommonPrefixLength(pieces[Tokens[index - 1]]);
        Leave(path, shared);
        for (var depth = shared; depth < piece.Length; depth++)
        {
            path.Push(_bytes.Count);
            _bytes.Add(piece[depth]);
            _depths.Add(depth + 1);
            _ends.Add(0);
            _tokenEnds.Add(index);
        }

        // Equal pieces end at the same node.
        _tokenEnds[path.Peek()] = index + 1;
    }

    private void Leave(Stack<int> path, int depth)
    {
        while (path.Count > depth)
        {
            _ends[path.Pop()] = _bytes.Count;
        }
    }
}
