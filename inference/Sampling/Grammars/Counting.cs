namespace Ollama.Platform.Inference.Sampling.Grammars;

/// <summary>
/// Writes many repetitions as few rules: blocks of powers of two, each of two of the next smaller. What is read then
/// says how many there were, so that a text is never read in more ways than the number has binary digits.
/// </summary>
/// <param name="bodies">The rules, which grow.</param>
internal sealed class Counting(List<GrammarNode> bodies)
{
    private readonly Dictionary<(int Rule, int Power), int> _blocks = [];
    private readonly Dictionary<(int Rule, int Count), int> _upTo = [];

    /// <summary>A rule that stands for a part.</summary>
    public int AsRule(GrammarNode part) => part.Kind == GrammarNodeKind.Rule ? part.Rule : Add(part);

    /// <summary>A rule, so many times.</summary>
    public GrammarNode Exactly(int rule, int count)
    {
        List<GrammarNode> blocks = [];
        for (var power = 30; power >= 0; power--)
        {
            if ((count >> power & 1) != 0)
            {
                blocks.Add(GrammarNode.OfRule(Block(rule, power)));
            }
        }

        return GrammarNode.OfSequence(blocks);
    }

    /// <summary>A rule that stands for another, so many times at most.</summary>
    public int UpTo(int rule, int count)
    {
        if (_upTo.TryGetValue((rule, count), out var known))
        {
            return known;
        }

        var body = GrammarNode.Empty;
        if (count > 0)
        {
            var power = int.Log2(count);
            var full = GrammarNode.OfSequence(
            [
                GrammarNode.OfRule(Block(rule, power)),
                GrammarNode.OfRule(UpTo(rule, count - (1 << power))),
            ]);
            body = GrammarNode.OfChoice([full, GrammarNode.OfRule(UpTo(rule, (1 << power) - 1))]);
        }

        return _upTo[(rule, count)] = Add(body);
    }

    private int Block(int rule, int power)
    {
        if (power == 0)
        {
            return rule;
        }

        if (!_blocks.TryGetValue((rule, power), out var block))
        {
            var half = GrammarNode.OfRule(Block(rule, power - 1));
            block = Add(GrammarNode.OfSequence([half, half]));
            _blocks.Add((rule, power), block);
        }

        return block;
    }

    private int Add(GrammarNode body)
    {
        if (bodies.Count >= GrammarBounds.NodeCountMax)
        {
            throw new GrammarSyntaxException("the grammar is too large");
        }

        bodies.Add(body);
        return bodies.Count - 1;
    }
}
