namespace Ollama.Platform.Inference.Sampling.Grammars;

/// <summary>
/// Makes the network of a grammar from its end to its beginning: each part is built in front of what follows it, so
/// that nothing has to be joined afterwards. One use each; pure.
/// </summary>
internal sealed class NetworkBuilder
{
    private const int ReturnNode = 0;
    private const int BlankCountMax = 16;

    private readonly List<NetworkNodeKind> _kinds = [];
    private readonly List<int> _a = [];
    private readonly List<int> _b = [];
    private readonly List<ByteSet> _edgeBytes = [];
    private readonly List<int> _edgeTargets = [];
    private readonly List<GrammarNode> _bodies;
    private readonly List<int> _calls = [];
    private readonly Counting _counting;

    private NetworkBuilder(IReadOnlyList<GrammarNode> bodies)
    {
        _bodies = [.. bodies];
        _counting = new Counting(_bodies);
        Add(NetworkNodeKind.Return, 0, 0);
    }

    /// <summary>Builds the network.</summary>
    /// <exception cref="GrammarSyntaxException">It would be too large.</exception>
    public static GrammarNetwork Build(GrammarRules rules, GrammarStart? start)
    {
        var builder = new NetworkBuilder(rules.Bodies);
        var entry = builder.Build(GrammarNode.OfRule(rules.Root), ReturnNode);
        if (start is not null)
        {
            entry = builder.BuildStart(start, entry);
        }

        return builder.Complete(entry);
    }

    // Rules are built once each, after the calls to them, which are then told where they begin.
    private GrammarNetwork Complete(int entry)
    {
        List<int> entries = [];
        for (var rule = 0; rule < _bodies.Count; rule++)
        {
            entries.Add(Build(_bodies[rule], ReturnNode));
        }

        foreach (var call in _calls)
        {
            _a[call] = entries[_a[call]];
        }

        return new GrammarNetwork(_kinds, _a, _b, _edgeBytes, _edgeTargets, entry);
    }

    private int Build(GrammarNode node, int next)
    {
        switch (node.Kind)
        {
            case GrammarNodeKind.Literal:
                for (var index = node.Literal.Length - 1; index >= 0; index--)
                {
                    next = Read([(ByteSet.Of(node.Literal[index]), next)]);
                }

                return next;
            case GrammarNodeKind.Characters:
                return BuildCharacters(node.Ranges, next);
            case GrammarNodeKind.Rule:
                _calls.Add(_kinds.Count);
                return Add(NetworkNodeKind.Call, node.Rule, next);
            case GrammarNodeKind.Sequence:
                for (var index = node.Children.Count - 1; index >= 0; index--)
                {
                    next = Build(node.Children[index], next);
                }

                return next;
            case GrammarNodeKind.Choice:
                var choice = Build(node.Children[^1], next);
                for (var index = node.Children.Count - 2; index >= 0; index--)
                {
                    choice = Add(NetworkNodeKind.Split, Build(node.Children[index], next), choice);
                }

                return choice;
            default:
                return BuildRepetition(node, next);
        }
    }

    private int BuildRepetition(GrammarNode node, int next)
    {
        var (child, min, max) = (node.Children[0], node.Min, node.Max);
        if (max == 0)
        {
            return next;
        }

        // More than one copy is cheaper as calls.
        if (min > 1 || (max > 1 && max != GrammarNode.Unbounded))
        {
            child = GrammarNode.OfRule(_counting.AsRule(child));
        }

        if (max == GrammarNode.Unbounded)
        {
            var loop = Add(NetworkNodeKind.Split, 0, next);
            _a[loop] = Build(child, loop);
            next = loop;
        }
        else if (max - min > GrammarBounds.CopyCountMax)
        {
            next = Build(GrammarNode.OfRule(_counting.UpTo(child.Rule, max - min)), next);
        }
        else
        {
            var end = next;
            for (var count = min; count < max; count++)
            {
                next = Add(NetworkNodeKind.Split, Build(child, next), end);
            }
        }

        if (min > GrammarBounds.CopyCountMax)
        {
            return Build(_counting.Exactly(child.Rule, min), next);
        }

        for (var count = 0; count < min; count++)
        {
            next = Build(child, next);
        }

        return next;
    }

    private int BuildCharacters(CodePointRange[] ranges, int next)
    {
        List<(ByteSet Bytes, int Target)> edges = [];
        var tails = new Dictionary<(long First, long Last), int>();
        foreach (var run in ranges.SelectMany(Utf8Run.Of))
        {
            var target = next;
            var (firsts, lasts) = (0L, 0L);
            for (var place = run.First.Length - 1; place > 0; place--)
            {
                firsts = (firsts << 8) | run.First[place];
                lasts = (lasts << 8) | run.Last[place];
                if (!tails.TryGetValue((firsts, lasts), out var tail))
                {
                    tail = Read([(ByteSet.Range(run.First[place], run.Last[place]), target)]);
                    tails.Add((firsts, lasts), tail);
                }

                target = tail;
            }

            Join(edges, ByteSet.Range(run.First[0], run.Last[0]), target);
        }

        return ReadAny(edges);
    }

    // One edge for each target; several of a byte to different targets would need a split, and do get one.
    private static void Join(List<(ByteSet Bytes, int Target)> edges, ByteSet bytes, int target)
    {
        var index = edges.FindIndex(edge => edge.Target == target);
        if (index < 0)
        {
            edges.Add((bytes, target));
        }
        else
        {
            edges[index] = (edges[index].Bytes.With(bytes), target);
        }
    }

    private int ReadAny(List<(ByteSet Bytes, int Target)> edges)
    {
        List<int> reads = [];
        while (edges.Count > 0)
        {
            List<(ByteSet Bytes, int Target)> apart = [];
            List<(ByteSet Bytes, int Target)> rest = [];
            var taken = default(ByteSet);
            foreach (var edge in edges)
            {
                var fits = !Enumerable.Range(0, 256).Any(value => taken.Contains(value) && edge.Bytes.Contains(value));
                (fits ? apart : rest).Add(edge);
                taken = fits ? taken.With(edge.Bytes) : taken;
            }

            reads.Add(Read(apart));
            edges = rest;
        }

        // A class without characters is a node that nothing leaves.
        var node = reads.Count == 0 ? Read([]) : reads[^1];
        for (var index = reads.Count - 2; index >= 0; index--)
        {
            node = Add(NetworkNodeKind.Split, reads[index], node);
        }

        return node;
    }

    private int BuildStart(GrammarStart start, int entry)
    {
        var blank = GrammarNode.OfCharacters(
            CodePointRange.Normalize([new('\t', '\n'), new('\r', '\r'), new(' ', ' ')]));
        var blanks = GrammarNode.OfRepetition(blank, 0, BlankCountMax);
        var free = BuildFree(System.Text.Encoding.UTF8.GetBytes(start.Close), Build(blanks, entry));
        if (start.Open is null)
        {
            return free;
        }

        var open = GrammarNode.OfLiteral(System.Text.Encoding.UTF8.GetBytes(start.Open));
        return Add(NetworkNodeKind.Split, Build(GrammarNode.OfSequence([blanks, open]), free), entry);
    }

    // Any bytes up to the first occurrence of a text: one node for each length of it that was just read.
    private int BuildFree(byte[] close, int next)
    {
        var first = _kinds.Count;
        for (var length = 0; length < close.Length; length++)
        {
            Add(NetworkNodeKind.Read, 0, 0);
        }

        for (var length = 0; length < close.Length; length++)
        {
            List<(ByteSet Bytes, int Target)> edges = [];
            for (var value = 0; value < 256; value++)
            {
                var matched = Matched([.. close[..length], (byte)value], close);
                Join(edges, ByteSet.Of((byte)value), matched == close.Length ? next : first + matched);
            }

            (_a[first + length], _b[first + length]) = (_edgeBytes.Count, edges.Count);
            AddEdges(edges);
        }

        return first;
    }

    private static int Matched(byte[] read, byte[] text)
    {
        var length = Math.Min(read.Length, text.Length);
        while (!read.AsSpan(read.Length - length).SequenceEqual(text.AsSpan(0, length)))
        {
            length--;
        }

        return length;
    }

    private int Read(List<(ByteSet Bytes, int Target)> edges)
    {
        var node = Add(NetworkNodeKind.Read, _edgeBytes.Count, edges.Count);
        AddEdges(edges);
        return node;
    }

    private void AddEdges(List<(ByteSet Bytes, int Target)> edges)
    {
        foreach (var (bytes, target) in edges)
        {
            _edgeBytes.Add(bytes);
            _edgeTargets.Add(target);
        }
    }

    private int Add(NetworkNodeKind kind, int a, int b)
    {
        if (_kinds.Count == GrammarBounds.NodeCountMax)
        {
            throw new GrammarSyntaxException("the grammar is too large");
        }

        _kinds.Add(kind);
        _a.Add(a);
        _b.Add(b);
        return _kinds.Count - 1;
    }
}
