namespace Ollama.Platform.Prompting.Grammars;

/// <summary>
/// The grammar of objects. Properties come in the order of the schema: two rules for each say what may come from it on,
/// so that the grammar grows with the number of properties and not with that of their choices. Pure.
/// </summary>
internal static class ObjectGrammar
{
    /// <summary>The grammar; null when no object satisfies the set.</summary>
    /// <exception cref="GrammarException">The set cannot be honoured.</exception>
    public static string? Compile(SchemaCompiler compiler, SchemaSet set)
    {
        var shape = ObjectShape.Of(set, compiler.Limits);
        if (set.Each("patternProperties").Any(each => each.Value.EnumerateObject().Any()))
        {
            return OfPattern(compiler, set, shape);
        }

        List<(ObjectMember Member, string Value)> members = [];
        foreach (var member in shape.Members)
        {
            var value = member.IsForbidden ? null : compiler.Compile(member.Parts);
            if (value is not null)
            {
                members.Add((member, value));
            }
            else if (member.IsRequired)
            {
                return null;
            }
        }

        var additional = shape.IsOpen ? compiler.Compile(shape.Additional) : null;
        var (min, max) = Counts(set, members.Count, members.Count(each => each.Member.IsRequired), additional);
        if (max < min)
        {
            return null;
        }

        return members.Count == 0
            ? Map(compiler.Rules, compiler.Rules.Text, additional, min, max)
            : Members(compiler, set, members, additional, isEmptyAllowed: min == 0);
    }

    // How many pairs there may be, as far as it does not follow from what is required.
    private static (long Min, long? Max) Counts(SchemaSet set, int count, int requiredCount, string? additional)
    {
        var (min, max) = (set.Greatest("minProperties") ?? 0, set.Least("maxProperties"));
        if (min <= requiredCount)
        {
            min = requiredCount;
        }
        else if (min > 1)
        {
            // Additional names are not told apart from each other, so two of them may count once.
            throw set.Each("minProperties").First().Part.Error(
                "minProperties", "can be honoured only up to the number of required properties, or 1");
        }

        if (max < min)
        {
            return (min, max);
        }

        if (max < count || (max is not null && count > 0 && additional is not null))
        {
            throw set.Each("maxProperties").First().Part.Error(
                "maxProperties", "cannot be honoured beside properties that may be left out or added");
        }

        return (min, max);
    }

    private static string? Map(GbnfRules rules, string key, string? value, long min, long? max)
    {
        if (value is null || max == 0)
        {
            return min > 0 ? null : $"\"{{\" {rules.Blank} \"}}\"";
        }

        var pair = rules.Define($"{key} \":\" {rules.Blank} {value}");
        var more = GbnfText.Times(0, max - 1);
        var pairs = $"{pair} (\",\" {rules.Blank} {pair}){more}";
        var body = $"{pairs} {rules.Blank}";
        return $"\"{{\" {rules.Blank} {(min == 0 ? $"({body})?" : body)} \"}}\"";
    }

    private static string Members(
        SchemaCompiler compiler, SchemaSet set, List<(ObjectMember Member, string Value)> members, string? additional,
        bool isEmptyAllowed)
    {
        var rules = compiler.Rules;
        // From the last to the first: what may come next, and what may follow after something has come.
        string? next = null;
        var after = "";
        var endAllowed = true;
        if (additional is not null)
        {
            var lengthMax = compiler.Limits.ExcludedNameLengthMax;
            var name = KeyExclusion.Compile(rules, members.Select(each => each.Member.Name), lengthMax)
                ?? throw new GrammarException(
                    set.Pointer, $"names of over {lengthMax} characters cannot be honoured beside additional ones");
            var pair = rules.Define($"{name} \":\" {rules.Blank} {additional}");
            next = rules.Define($"{pair} (\",\" {rules.Blank} {pair})*");
            after = $"(\",\" {rules.Blank} {next})?";
        }

        for (var index = members.Count - 1; index >= 0; index--)
        {
            var (member, value) = members[index];
            var key = GbnfText.Literal(GbnfText.JsonText(member.Name) + ":");
            var here = $"{key} {rules.Blank} {value} {after}";
            next = rules.Define(member.IsRequired || next is null ? here : $"{here} | {next}");
            endAllowed &= !member.IsRequired;
            after = $"(\",\" {rules.Blank} {next}){(endAllowed ? "?" : "")}";
            after = rules.Define(after);
        }

        return endAllowed && isEmptyAllowed
            ? $"\"{{\" {rules.Blank} ({next} {rules.Blank})? \"}}\""
            : $"\"{{\" {rules.Blank} {next} {rules.Blank} \"}}\"";
    }

    private static string? OfPattern(SchemaCompiler compiler, SchemaSet set, ObjectShape shape)
    {
        var patterns = set.Each("patternProperties")
            .SelectMany(each => each.Value.EnumerateObject().Select(member => (each.Part, Member: member)))
            .ToArray();
        var (part, pattern) = patterns[0];
        if (patterns.Length > 1 || shape.Members.Count > 0 || shape.IsOpen)
        {
            throw part.Error(
                "patternProperties", "can be honoured only as one pattern, without other or additional properties");
        }

        var key = PatternGrammar.Compile(pattern.Name, part.Child("patternProperties", pattern.Name, default).Pointer,
            compiler.Rules, compiler.Limits);
        var value = compiler.Compile([part.Child("patternProperties", pattern.Name, pattern.Value)]);
        var (min, max) = Counts(set, 0, 0, value);
        return max < min
            ? null
            : Map(compiler.Rules, $"{GbnfText.Quote} {key.Text} {GbnfText.Quote}", value, min, max);
    }
}
