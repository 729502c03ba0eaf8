using System.Text;

namespace Ollama.Platform.Prompting.Grammars;

/// <summary>The grammar of the strings that a pattern matches.</summary>
/// <param name="Text">GBNF of the characters between the quotation marks.</param>
/// <param name="LengthMin">Characters at least.</param>
/// <param name="LengthMax">Characters at most; null without a bound.</param>
internal sealed record PatternText(string Text, long LengthMin, long? LengthMax);

/// <summary>
/// Turns a regular expression into a grammar of the strings that contain a match. It knows what regular languages need:
/// classes, groups, alternatives, repetitions, anchors at the ends. What looks around or back is refused. One use each.
/// </summary>
internal sealed class PatternGrammar
{
    private const int NestingMax = 32;

    private readonly PatternReader _reader;
    private readonly GbnfRules _rules;
    private readonly GrammarLimits _limits;

    private PatternGrammar(PatternReader reader, GbnfRules rules, GrammarLimits limits)
    {
        _reader = reader;
        _rules = rules;
        _limits = limits;
    }

    /// <summary>Compiles a pattern.</summary>
    /// <param name="pattern">The regular expression.</param>
    /// <param name="pointer">Where it stands.</param>
    /// <param name="rules">The rules that it may add to.</param>
    /// <param name="limits">Bounds on the effort.</param>
    /// <exception cref="GrammarException">It is none, or has what cannot be honoured.</exception>
    public static PatternText Compile(string pattern, string pointer, GbnfRules rules, GrammarLimits limits)
    {
        rules.CheckLength(pattern.Length);
        var grammar = new PatternGrammar(new PatternReader(pattern, pointer), rules, limits);
        List<PatternText> choices = [];
        do
        {
            choices.Add(grammar.Whole());
        }
        while (grammar._reader.TryTake('|'));

        return grammar._reader.AtEnd
            ? Join(choices)
            : throw grammar._reader.Error("a group is closed that was not opened");
    }

    // One alternative of the whole pattern: without an anchor, anything may stand before or behind it.
    private PatternText Whole()
    {
        var isFirst = _reader.TryTake('^');
        var part = Sequence(depth: 0);
        var isLast = _reader.TryTake('$');
        if (isLast && !_reader.AtEnd && !_reader.Sees('|'))
        {
            throw _reader.Error("'$' can be honoured only at the end");
        }

        var (before, behind) = (isFirst ? "" : $"{_rules.Character}* ", isLast ? "" : $" {_rules.Character}*");
        return new PatternText(
            $"{before}{part.Text}{behind}", part.LengthMin, isFirst && isLast ? part.LengthMax : null);
    }

    private PatternText Choice(int depth)
    {
        List<PatternText> choices = [];
        do
        {
            choices.Add(Sequence(depth));
        }
        while (_reader.TryTake('|'));

        return Join(choices);
    }

    private PatternText Sequence(int depth)
    {
        var text = new StringBuilder();
        long min = 0;
        long? max = 0;
        while (!_reader.AtEnd && _reader.Current is not ('|' or ')' or '$'))
        {
            var part = Repeated(Part(depth));
            text.Append(text.Length > 0 ? " " : "").Append(part.Text);
            _rules.CheckLength(text.Length);
            min = Math.Min(min + part.LengthMin, int.MaxValue);
            max = max + part.LengthMax;
        }

        return new PatternText(text.Length == 0 ? "\"\"" : text.ToString(), min, max);
    }

    private PatternText Part(int depth)
    {
        switch (_reader.Current)
        {
            case '(':
                return Group(depth + 1);
            case '^':
                throw _reader.Error("'^' can be honoured only at the beginning");
            case '*' or '+' or '?':
                throw _reader.Error("there is nothing to repeat");
            default:
                var set = _reader.Characters();
                return set.IsEmpty
                    ? throw _reader.Error("no character fits")
                    : new PatternText(set.ToGbnf(), 1, 1);
        }
    }

    private PatternText Group(int depth)
    {
        if (depth > NestingMax)
        {
            throw _reader.Error($"more than {NestingMax} groups are nested");
        }

        _reader.OpenGroup();
        var group = Choice(depth);
        if (_reader.Sees('$'))
        {
            throw _reader.Error("'$' can be honoured only at the end");
        }

        return _reader.TryTake(')')
            ? group with { Text = $"({group.Text})" }
            : throw _reader.Error("a group is not closed");
    }

    private PatternText Repeated(PatternText part)
    {
        if (_reader.Times() is not { } times)
        {
            return part;
        }

        var (min, max) = times;
        if (Math.Max(min, max ?? 0) > _limits.RepetitionMax)
        {
            throw _reader.Error($"no more than {_limits.RepetitionMax} repetitions can be honoured");
        }

        // Lazy or not, the same strings match.
        _reader.TryTake('?');
        if (!_reader.AtEnd && _reader.Current is '*' or '+' or '?' or '{')
        {
            throw _reader.Error("a repetition is repeated");
        }

        var text = max == 0 ? "\"\"" : $"({part.Text}){GbnfText.Times(min, max)}";
        return new PatternText(
            text,
            Math.Min(part.LengthMin * min, int.MaxValue),
            max is null ? (part.LengthMax == 0 ? 0 : null) : part.LengthMax * max);
    }

    private static PatternText Join(List<PatternText> choices) => choices.Count == 1 ? choices[0] : new PatternText(
        GbnfText.Choice([.. choices.Select(choice => choice.Text)]),
        choices.Min(choice => choice.LengthMin),
        choices.Any(choice => choice.LengthMax is null) ? null : choices.Max(choice => choice.LengthMax));
}
