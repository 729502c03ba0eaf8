using System.Runtime.CompilerServices;

namespace Ollama.Platform.Inference.Sampling.Grammars;

/// <summary>
/// A grammar as a network over bytes: characters are paths of UTF-8, so that a text may be cut anywhere. Immutable.
/// </summary>
internal sealed class GrammarNetwork
{
    private readonly NetworkNodeKind[] _kinds;
    private readonly int[] _a;
    private readonly int[] _b;
    private readonly ByteSet[] _edgeBytes;
    private readonly int[] _edgeTargets;
    private readonly byte[] _classes = new byte[256];
    private readonly byte[] _examples;

    /// <summary>Takes over what a builder made.</summary>
    public GrammarNetwork(
        IReadOnlyList<NetworkNodeKind> kinds,
        IReadOnlyList<int> a,
        IReadOnlyList<int> b,
        IReadOnlyList<ByteSet> edgeBytes,
        IReadOnlyList<int> edgeTargets,
        int entry)
    {
        (_kinds, _a, _b) = ([.. kinds], [.. a], [.. b]);
        (_edgeBytes, _edgeTargets) = ([.. edgeBytes], [.. edgeTargets]);
        Entry = entry;
        _examples = Classify();
    }

    /// <summary>Where every text begins.</summary>
    public int Entry { get; }

    /// <summary>Number of nodes.</summary>
    public int NodeCount => _kinds.Length;

    /// <summary>Number of classes of bytes that no edge tells apart.</summary>
    public int ClassCount => _examples.Length;

    /// <summary>The class of each byte.</summary>
    public ReadOnlySpan<byte> Classes => _classes;

    /// <summary>Parses a grammar and makes its network.</summary>
    /// <exception cref="GrammarSyntaxException">The text is no grammar, or one that cannot be followed.</exception>
    public static GrammarNetwork Compile(string text, GrammarStart? start = null) =>
        NetworkBuilder.Build(GrammarParser.Parse(text), start);

    /// <summary>What is done at a node.</summary>
    public NetworkNodeKind Kind(int node) => _kinds[node];

    /// <summary>First operand of a node.</summary>
    public int A(int node) => _a[node];

    /// <summary>Second operand of a node.</summary>
    public int B(int node) => _b[node];

    /// <summary>Where a byte of a class leads from a node that reads; −1 for nowhere.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public int Follow(int node, int byteClass)
    {
        var value = _examples[byteClass];
        var end = _a[node] + _b[node];
        for (var edge = _a[node]; edge < end; edge++)
        {
            if (_edgeBytes[edge].Contains(value))
            {
                return _edgeTargets[edge];
            }
        }

        return -1;
    }

    // Bytes start in one class, and every set splits those that it cuts through.
    private byte[] Classify()
    {
        var classes = new int[256];
        var count = 1;
        foreach (var set in _edgeBytes.Distinct())
        {
            var split = new Dictionary<int, int>();
            var renumbered = new Dictionary<int, int>();
            for (var value = 0; value < 256; value++)
            {
                var (side, other) = set.Contains(value) ? (split, renumbered) : (renumbered, split);
                if (!side.TryGetValue(classes[value], out var number))
                {
                    number = other.ContainsKey(classes[value]) ? count++ : classes[value];
                    side.Add(classes[value], number);
                }

                classes[value] = number;
            }
        }

        var examples = new byte[count];
        for (var value = 255; value >= 0; value--)
        {
            _classes[value] = (byte)classes[value];
            examples[classes[value]] = (byte)value;
        }

        return examples;
    }
}
