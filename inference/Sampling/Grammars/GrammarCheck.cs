namespace Ollama.Platform.Inference.Sampling.Grammars;

/// <summary>
/// Refuses rules that a matcher could follow for ever: those that begin with themselves, and those without an end.
/// Pure.
/// </summary>
internal static class GrammarCheck
{
    /// <summary>Checks the rules.</summary>
    /// <exception cref="GrammarSyntaxException">A rule cannot be used; the message names it.</exception>
    public static void Check(GrammarRules rules)
    {
        var users = FindUsers(rules);
        var nullable = new bool[rules.Bodies.Count];
        Settle(rules, users, nullable, IsNullable);
        RefuseLeftRecursion(rules, nullable);
        var finite = new bool[rules.Bodies.Count];
        Settle(rules, users, finite, IsFinite);
        if (!finite[rules.Root])
        {
            throw new GrammarSyntaxException($"no text is complete by rule '{rules.Names[rules.Root]}'");
        }
    }

    // The property of a rule may follow from that of others: once one is known, those that name it are asked again.
    private static void Settle(
        GrammarRules rules, List<int>[] users, bool[] known, Func<GrammarNode, bool[], bool> holds)
    {
        var waiting = new Queue<int>(Enumerable.Range(0, known.Length));
        while (waiting.TryDequeue(out var rule))
        {
            if (known[rule] || !holds(rules.Bodies[rule], known))
            {
                continue;
            }

            known[rule] = true;
            foreach (var user in users[rule])
            {
                if (!known[user])
                {
                    waiting.Enqueue(user);
                }
            }
        }
    }

    private static List<int>[] FindUsers(GrammarRules rules)
    {
        var users = new List<int>[rules.Bodies.Count];
        for (var rule = 0; rule < users.Length; rule++)
        {
            users[rule] = [];
        }

        for (var rule = 0; rule < users.Length; rule++)
        {
            AddUser(rules.Bodies[rule], rule, users);
        }

        return users;
    }

    private static void AddUser(GrammarNode node, int user, List<int>[] users)
    {
        if (node.Kind == GrammarNodeKind.Rule && (users[node.Rule].Count == 0 || users[node.Rule][^1] != user))
        {
            users[node.Rule].Add(user);
        }

        foreach (var child in node.Children)
        {
            AddUser(child, user, users);
        }
    }

    private static bool IsNullable(GrammarNode node, bool[] known) => node.Kind switch
    {
        GrammarNodeKind.Rule => known[node.Rule],
        GrammarNodeKind.Sequence => node.Children.All(child => IsNullable(child, known)),
        GrammarNodeKind.Choice => node.Children.Any(child => IsNullable(child, known)),
        GrammarNodeKind.Repetition => node.Min == 0 || IsNullable(node.Children[0], known),
        _ => false,
    };

    private static bool IsFinite(GrammarNode node, bool[] known) => node.Kind switch
    {
        GrammarNodeKind.Rule => known[node.Rule],
        GrammarNodeKind.Characters => node.Ranges.Length > 0,
        GrammarNodeKind.Sequence => node.Children.All(child => IsFinite(child, known)),
        GrammarNodeKind.Choice => node.Children.Any(child => IsFinite(child, known)),
        GrammarNodeKind.Repetition => node.Min == 0 || IsFinite(node.Children[0], known),
        _ => true,
    };

    // Depth first without recursion: a hostile grammar may have a chain of all its rules.
    private static void RefuseLeftRecursion(GrammarRules rules, bool[] nullable)
    {
        var heads = new List<int>[rules.Bodies.Count];
        for (var rule = 0; rule < heads.Length; rule++)
        {
            heads[rule] = [];
            AddHeads(rules.Bodies[rule], nullable, heads[rule]);
        }

        var (begun, done) = (new bool[heads.Length], new bool[heads.Length]);
        var path = new Stack<(int Rule, int Next)>();
        for (var first = 0; first < heads.Length; first++)
        {
            if (begun[first])
            {
                continue;
            }

            begun[first] = true;
            path.Push((first, 0));
            while (path.TryPop(out var at))
            {
                if (at.Next == heads[at.Rule].Count)
                {
                    done[at.Rule] = true;
                    continue;
                }

                var head = heads[at.Rule][at.Next];
                path.Push((at.Rule, at.Next + 1));
                if (begun[head] && !done[head])
                {
                    throw new GrammarSyntaxException($"rule '{rules.Names[head]}' begins with itself");
                }

                if (!begun[head])
                {
                    begun[head] = true;
                    path.Push((head, 0));
                }
            }
        }
    }

    private static void AddHeads(GrammarNode node, bool[] nullable, List<int> heads)
    {
        if (node.Kind == GrammarNodeKind.Rule)
        {
            heads.Add(node.Rule);
        }

        foreach (var child in node.Children)
        {
            AddHeads(child, nullable, heads);
            if (node.Kind == GrammarNodeKind.Sequence && !IsNullable(child, nullable))
            {
                return;
            }
        }
    }
}
