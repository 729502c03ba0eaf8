namespace Ollama.Platform.Prompting.Grammars;

/// <summary>Makes a rule of each set of schemas; equal sets share one, so that they may contain themselves.</summary>
internal sealed class SchemaCompiler(SchemaReader reader, GbnfRules rules, GrammarLimits limits)
{
    private readonly Dictionary<string, string?> _names = new(StringComparer.Ordinal);
    private readonly HashSet<string> _used = new(StringComparer.Ordinal);
    private int _depth;

    /// <summary>The rules that the compiler adds to.</summary>
    public GbnfRules Rules => rules;

    /// <summary>Bounds on the effort.</summary>
    public GrammarLimits Limits => limits;

    /// <summary>Compiles the document's own schema.</summary>
    /// <exception cref="GrammarException">It cannot be honoured.</exception>
    public string CompileRoot() =>
        Compile(reader.ReadRoot()) ?? throw new GrammarException("#", "no value satisfies the schema");

    /// <summary>Reads parts that a value has to satisfy together.</summary>
    public SchemaSet Read(IEnumerable<SchemaPart> parts) => reader.Read(parts);

    /// <summary>Compiles parts that a value has to satisfy together.</summary>
    /// <returns>The rule; null when nothing satisfies them.</returns>
    public string? Compile(IEnumerable<SchemaPart> parts) => Compile(reader.Read(parts));

    private string? Compile(SchemaSet set)
    {
        if (set.IsNever)
        {
            return null;
        }

        if (set.Parts.Count == 0)
        {
            return rules.Any;
        }

        if (_names.TryGetValue(set.Key, out var known))
        {
            _used.Add(set.Key);
            return known;
        }

        if (_depth == limits.DepthMax)
        {
            throw new GrammarException(set.Pointer, $"more than {limits.DepthMax} schemas are nested");
        }

        _depth++;
        var name = rules.NewName();
        _names[set.Key] = name;
        var body = ChooseAlternative(set);
        _depth--;
        if (body is not null)
        {
            rules.Define(name, body);
            return name;
        }

        // Whoever refers to it already counts on there being a value.
        return _used.Contains(set.Key)
            ? throw new GrammarException(set.Pointer, "no value satisfies the schema")
            : _names[set.Key] = null;
    }

    private string? ChooseAlternative(SchemaSet set)
    {
        foreach (var part in set.Parts)
        {
            if (part.Find("anyOf") is not null && !part.AnyOfChosen)
            {
                return Alternatives(set, part, "anyOf", part with { AnyOfChosen = true });
            }

            if (part.Find("oneOf") is not null && !part.OneOfChosen)
            {
                return Alternatives(set, part, "oneOf", part with { OneOfChosen = true });
            }
        }

        return ValueGrammar.Compile(this, set);
    }

    private string? Alternatives(SchemaSet set, SchemaPart part, string keyword, SchemaPart chosen)
    {
        var others = set.Parts.Where(other => other != part).Append(chosen).ToArray();
        if (set.Parts.Contains(chosen))
        {
            // One of its own alternatives has led back here without a value in between.
            throw part.Error(keyword, "the alternatives refer to themselves without end");
        }

        var children = SchemaReader.List(part, keyword);
        if (children.Count == 0)
        {
            throw part.Error(keyword, "must name at least one schema");
        }

        var sets = children.Select(child => reader.Read([child], others)).ToArray();
        if (keyword == "oneOf")
        {
            new SchemaDisjointness(reader, limits).Check(part, sets);
        }

        var names = sets.Select(Compile).OfType<string>().Distinct().ToArray();
        return names.Length == 0 ? null : string.Join(" | ", names);
    }
}
