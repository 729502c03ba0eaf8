using System.Globalization;
using System.Text;

namespace Ollama.Platform.Inference.Sampling.Grammars;

/// <summary>Reads GBNF: rules of literals, character classes, groups and repetitions. One use each; pure.</summary>
internal sealed class GrammarParser
{
    private readonly GrammarText _text;
    private readonly Dictionary<string, int> _indices = new(StringComparer.Ordinal);
    private readonly List<string> _names = [];
    private readonly List<GrammarNode?> _bodies = [];
    private readonly List<int> _firstUses = [];

    private GrammarParser(string text) => _text = new GrammarText(text);

    /// <summary>Parses and checks a grammar.</summary>
    /// <param name="text">GBNF.</param>
    /// <param name="root">Name of the rule that the whole text follows.</param>
    /// <exception cref="GrammarSyntaxException">The text is no grammar, or one that cannot be followed.</exception>
    public static GrammarRules Parse(string text, string root = "root")
    {
        if (text.Length > GrammarBounds.TextLengthMax)
        {
            throw new GrammarSyntaxException($"the grammar is longer than {GrammarBounds.TextLengthMax} characters");
        }

        var rules = new GrammarParser(text).ParseRules(root);
        GrammarCheck.Check(rules);
        return rules;
    }

    private GrammarRules ParseRules(string root)
    {
        _text.SkipBlank(overLines: true);
        while (!_text.AtEnd)
        {
            ParseRule();
            _text.SkipBlank(overLines: true);
        }

        for (var rule = 0; rule < _names.Count; rule++)
        {
            if (_bodies[rule] is null)
            {
                throw _text.Error($"rule '{_names[rule]}' is not defined", _firstUses[rule]);
            }
        }

        return _indices.TryGetValue(root, out var index)
            ? new GrammarRules(_names, [.. _bodies.Select(body => body!)], index)
            : throw new GrammarSyntaxException($"the grammar has no rule '{root}'");
    }

    private void ParseRule()
    {
        var at = _text.At;
        var rule = IndexOf(_text.Name(), at);
        if (_bodies[rule] is not null)
        {
            throw _text.Error($"rule '{_names[rule]}' is defined twice", at);
        }

        _text.SkipBlank(overLines: false);
        _text.Expect("::=");
        _text.SkipBlank(overLines: true);
        _bodies[rule] = ParseChoice(depth: 0);
        if (!_text.AtEnd && !_text.AtLineEnd)
        {
            throw _text.Error($"'{_text.Show()}' is unexpected");
        }
    }

    private GrammarNode ParseChoice(int depth)
    {
        List<GrammarNode> choices = [ParseSequence(depth)];
        while (_text.TryTake('|'))
        {
            _text.SkipBlank(overLines: true);
            choices.Add(ParseSequence(depth));
        }

        return GrammarNode.OfChoice(choices);
    }

    private GrammarNode ParseSequence(int depth)
    {
        List<GrammarNode> parts = [];
        while (ParsePart(depth) is { } part)
        {
            _text.SkipBlank(overLines: depth > 0);
            parts.Add(ParseRepetitions(part, depth));
        }

        return GrammarNode.OfSequence(parts);
    }

    private GrammarNode? ParsePart(int depth)
    {
        if (_text.AtEnd)
        {
            return null;
        }

        switch (_text.Current)
        {
            case '"':
                return ParseLiteral();
            case '[':
                return ParseClass();
            case '.':
                _text.Take();
                return GrammarNode.OfCharacters(CodePointRange.Complement([]));
            case '(':
                return ParseGroup(depth + 1);
            case '<' or '!':
                throw _text.Error("tokens are not supported, only characters are");
            case var other when GrammarText.IsOfName(other):
                var at = _text.At;
                return GrammarNode.OfRule(IndexOf(_text.Name(), at));
            default:
                return null;
        }
    }

    private GrammarNode ParseLiteral()
    {
        var start = _text.At;
        _text.Take();
        var literal = new StringBuilder();
        while (!_text.TryTake('"'))
        {
            literal.Append(new Rune(_text.Character(start, "the literal does not end")));
        }

        return GrammarNode.OfLiteral(Encoding.UTF8.GetBytes(literal.ToString()));
    }

    private GrammarNode ParseClass()
    {
        const string Unended = "the character class does not end";
        var start = _text.At;
        _text.Take();
        var negated = _text.TryTake('^');
        List<CodePointRange> ranges = [];
        while (!_text.TryTake(']'))
        {
            var at = _text.At;
            var first = _text.Character(start, Unended);
            var last = first;
            // A hyphen before the end stands for itself.
            if (_text.Sees('-') && !_text.Sees("-]"))
            {
                _text.Take();
                last = _text.Character(start, Unended);
            }

            if (last < first)
            {
                throw _text.Error("the range ends before it begins", at);
            }

            ranges.Add(new CodePointRange(first, last));
        }

        var normal = CodePointRange.Normalize(ranges);
        return GrammarNode.OfCharacters(negated ? CodePointRange.Complement(normal) : normal);
    }

    private GrammarNode ParseGroup(int depth)
    {
        if (depth > GrammarBounds.NestingMax)
        {
            throw _text.Error($"more than {GrammarBounds.NestingMax} groups are nested");
        }

        var start = _text.At;
        _text.Take();
        _text.SkipBlank(overLines: true);
        var group = ParseChoice(depth);
        return _text.TryTake(')')
            ? group
            : throw (_text.AtEnd ? _text.Error("the group does not end", start)
                : _text.Error($"'{_text.Show()}' is unexpected"));
    }

    private GrammarNode ParseRepetitions(GrammarNode part, int depth)
    {
        for (var count = 0; !_text.AtEnd && _text.Current is '*' or '+' or '?' or '{'; count++)
        {
            if (count == GrammarBounds.NestingMax)
            {
                throw _text.Error("too many repetitions follow each other");
            }

            part = _text.Take() switch
            {
                '*' => GrammarNode.OfRepetition(part, 0, GrammarNode.Unbounded),
                '+' => GrammarNode.OfRepetition(part, 1, GrammarNode.Unbounded),
                '?' => GrammarNode.OfRepetition(part, 0, 1),
                _ => ParseCount(part),
            };
            _text.SkipBlank(overLines: depth > 0);
        }

        return part;
    }

    private GrammarNode ParseCount(GrammarNode part)
    {
        var at = _text.At;
        var min = ParseNumber();
        var max = min;
        if (_text.TryTake(','))
        {
            max = ParseNumber();
            min ??= max is null ? null : 0;
            max ??= GrammarNode.Unbounded;
        }

        _text.Expect("}");
        if (min is null)
        {
            throw _text.Error("a repetition needs a number", at);
        }

        return max >= min
            ? GrammarNode.OfRepetition(part, min.Value, max.Value)
            : throw _text.Error("the repetition ends before it begins", at);
    }

    private int? ParseNumber()
    {
        _text.SkipBlank(overLines: false);
        var at = _text.At;
        var digits = _text.Digits();
        _text.SkipBlank(overLines: false);
        if (digits.Length == 0)
        {
            return null;
        }

        return long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number <= GrammarBounds.RepetitionMax
            ? (int)number
            : throw _text.Error($"no more than {GrammarBounds.RepetitionMax} repetitions are possible", at);
    }

    private int IndexOf(string name, int at)
    {
        if (_indices.TryGetValue(name, out var index))
        {
            return index;
        }

        if (_names.Count == GrammarBounds.RuleCountMax)
        {
            throw _text.Error($"the grammar has more than {GrammarBounds.RuleCountMax} rules", at);
        }

        index = _names.Count;
        _indices.Add(name, index);
        _names.Add(name);
        _bodies.Add(null);
        _firstUses.Add(at);
        return index;
    }
}
