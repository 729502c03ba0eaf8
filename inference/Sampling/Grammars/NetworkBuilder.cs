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

    private int BuildCharacters(CodePointRange[] ranges, int next) =>
        BuildRuns([.. ranges.SelectMany(Utf8Run.Of)], place: 0, next, []);

    // The tree of the bytes. Runs of different characters begin with the same range of bytes or with others, and so it
    // goes on behind that: each node reads any byte in one way.
    private int BuildRuns(
        ReadOnlySpan<Utf8Run> runs, int place, int next, Dictionary<(long First, long Last), int> tails)
    {
        List<(ByteSet Bytes, int Target)> edges = [];
        var byTarget = new Dictionary<int, int>();
        while (!runs.IsEmpty)
        {
            var (first, last) = (runs[0].First[place], runs[0].Last[place]);
            var count = 1;
            while (count < runs.Length && runs[count].First[place] == first && runs[count].Last[place] == last)
            {
                count++;
            }

            var target = place == runs[0].First.Length - 1 ? next
                : count > 1 ? BuildRuns(runs[..count], place + 1, next, tails)
                : BuildTail(runs[0], place + 1, next, tails);
            if (!byTarget.TryAdd(target, edges.Count))
            {
                var known = byTarget[target];
                edges[known] = (edges[known].Bytes.With(ByteSet.Range(first, last)), target);
            }
            else
            {
                edges.Add((ByteSet.Range(first, last), target));
            }

            runs = runs[count..];
        }

        return Read(edges);
    }

    // Most runs end with whole ranges, as others do.
    private int BuildTail(Utf8Run run, int place, int next, Dictionary<(long First, long Last), int> tails)
    {
        var target = next;
        var (firsts, lasts) = (0L, 0L);
        for (var at = run.First.Length - 1; at >= place; at--)
        {
            firsts = (firsts << 8) | run.First[at];
            lasts = (lasts << 8) | run.Last[at];
            if (!tails.TryGetValue((firsts, lasts), out var tail))
            {
                tail = Read([(ByteSet.Range(run.First[at], run.Last[at]), target)]);
                tails.Add((firsts, lasts), tail);
            }

            target = tail;
        }

        return target;
    }

    // One edge for each target.
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
