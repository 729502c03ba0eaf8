using System.Buffers.Binary;
using Ollama.Platform.Inference.Engine;

namespace Ollama.Platform.Inference.Sampling.Grammars;

/// <summary>
/// The pieces of a vocabulary as a tree of bytes, written down in the order of a walk: tokens that begin alike are
/// checked together. Made once for a model; immutable.
/// </summary>
/// <remarks>
/// Sets of tokens have a bit for each place in <see cref="Tokens"/> and not for each token, so that what is below a
/// node is one run of bits.
/// </remarks>
internal sealed class PieceTrie
{
    private readonly PieceNode[] _nodes;

    /// <summary>Builds the tree. Tokens without bytes are not in it.</summary>
    public PieceTrie(PieceTable pieces)
    {
        var tokens = Sort(pieces);
        TextCount = tokens.Length;
        Tokens = [.. tokens, .. Enumerable.Range(0, pieces.Count).Where(pieces.IsEnd)];
        _nodes = Build(pieces, tokens);
        foreach (var node in _nodes)
        {
            DepthMax = Math.Max(DepthMax, node.Depth);
        }
    }

    /// <summary>
    /// Bytes that most texts are made of and that no JSON string treats in a special way: printable ASCII without
    /// quotation mark and backslash.
    /// </summary>
    public static ReadOnlySpan<byte> PlainText =>
        " !#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]^_`abcdefghijklmnopqrstuvwxyz{|}~"u8;

    /// <summary>Tokens in the order of the tree; those that end a sequence come last and are not in the tree.</summary>
    public int[] Tokens { get; }

    /// <summary>Number of tokens in the tree.</summary>
    public int TextCount { get; }

    /// <summary>Words of a set of tokens.</summary>
    public int MaskLength => (Tokens.Length + 63) / 64;

    /// <summary>The nodes, each before what is below it.</summary>
    public ReadOnlySpan<PieceNode> Nodes => _nodes;

    /// <summary>The greatest depth.</summary>
    public int DepthMax { get; }

    // The first bytes as numbers order most tokens at once; those that begin alike are ordered among themselves.
    private static int[] Sort(PieceTable pieces)
    {
        var tokens = Enumerable.Range(0, pieces.Count)
            .Where(token => !pieces.IsEnd(token) && pieces[token].Length > 0).ToArray();
        var keys = Array.ConvertAll(tokens, token => Beginning(pieces[token]));
        Array.Sort(keys, tokens);
        for (var start = 0; start < keys.Length;)
        {
            var end = start + 1;
            while (end < keys.Length && keys[end] == keys[start])
            {
                end++;
            }

            if (end - start > 1)
            {
                tokens.AsSpan(start..end).Sort((left, right) => pieces[left].SequenceCompareTo(pieces[right]) switch
                {
                    // Equal pieces in the order of their numbers, so that every build gives the same tree.
                    0 => left.CompareTo(right),
                    var order => order,
                });
            }

            start = end;
        }

        return tokens;
    }

    private static ulong Beginning(ReadOnlySpan<byte> piece)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        bytes.Clear();
        piece[..Math.Min(piece.Length, bytes.Length)].CopyTo(bytes);
        return BinaryPrimitives.ReadUInt64BigEndian(bytes);
    }

    private static PieceNode[] Build(PieceTable pieces, int[] tokens)
    {
        var nodes = new List<PieceNode>(2 * tokens.Length);
        var path = new Stack<int>();
        for (var place = 0; place < tokens.Length; place++)
        {
            var piece = pieces[tokens[place]];
            var shared = place == 0 ? 0 : piece.CommonPrefixLength(pieces[tokens[place - 1]]);
            Leave(nodes, path, shared);
            for (var depth = shared; depth < piece.Length; depth++)
            {
                path.Push(nodes.Count);
                nodes.Add(new PieceNode(0, place, 0, checked((ushort)(depth + 1)), piece[depth], IsPlain: true));
            }

            // Equal pieces end at the same node.
            var last = path.Peek();
            nodes[last] = nodes[last] with { TokenCount = checked((ushort)(nodes[last].TokenCount + 1)) };
        }

        Leave(nodes, path, 0);
        return [.. nodes];
    }

    private static void Leave(List<PieceNode> nodes, Stack<int> path, int depth)
    {
        while (path.Count > depth)
        {
            var left = path.Pop();
            nodes[left] = nodes[left] with { End = nodes.Count };
            var isPlain = nodes[left].IsPlain && PlainText.Contains(nodes[left].Value);
            if (!isPlain && path.TryPeek(out var above))
            {
                nodes[above] = nodes[above] with { IsPlain = false };
            }
        }
    }
}
