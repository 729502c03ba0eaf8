using System.Collections.Frozen;
using Ollama.Platform.Prompting.Jinja.Runtime;
using Ollama.Platform.Prompting.Jinja.Values;

namespace Ollama.Platform.Prompting.Jinja.Library;

/// <summary>All tests by name.</summary>
internal static class Tests
{
    private static readonly FrozenDictionary<string, Builtin> AllTable = new Dictionary<string, Builtin>
    {
        ["defined"] = Kind(value => !value.IsUndefined),
        ["undefined"] = Kind(value => value.IsUndefined),
        ["none"] = Kind(value => value.Kind == JinjaKind.None),
        ["string"] = Kind(value => value.IsString),
        ["mapping"] = Kind(value => value.Kind == JinjaKind.Dict),
        ["boolean"] = Kind(value => value.Kind == JinjaKind.Boolean),
        ["integer"] = Kind(value => value.Kind == JinjaKind.Integer),
        ["float"] = Kind(value => value.Kind == JinjaKind.Float),
        ["number"] = Kind(value => value.TryGetNumber(out _)),
        ["true"] = Kind(value => value is { Kind: JinjaKind.Boolean, AsBoolean: true }),
        ["false"] = Kind(value => value is { Kind: JinjaKind.Boolean, AsBoolean: false }),

        // Undefined, strings and dictionaries included: templates rely on it and add "is not string".
        ["iterable"] = Kind(IsContainer),
        ["sequence"] = Kind(IsContainer),
        ["callable"] = Kind(value => value.Kind == JinjaKind.Object && value.AsObject is IJinjaCallable),
        ["odd"] = (state, value, _) => JinjaValue.From(Integer(state, value) % 2 != 0),
        ["even"] = (state, value, _) => JinjaValue.From(Integer(state, value) % 2 == 0),
        ["divisibleby"] = DivisibleBy,
        ["lower"] = (state, value, _) => JinjaValue.From(TextCase.IsLower(PythonText.Str(state, value))),
        ["upper"] = (state, value, _) => JinjaValue.From(TextCase.IsUpper(PythonText.Str(state, value))),
        ["sameas"] = (state, value, arguments) =>
            JinjaValue.From(value.IsSameAs(arguments.Required(state, 0, "other"))),
        ["in"] = (state, value, arguments) =>
            JinjaValue.From(Comparison.IsIn(state, value, arguments.Required(state, 0, "seq"))),
        ["escaped"] = Kind(_ => false),
        ["filter"] = (_, value, _) => JinjaValue.From(value.IsString && Filters.Find(value.AsString) is not null),
        ["test"] = (_, value, _) => JinjaValue.From(value.IsString && Find(value.AsString) is not null),
        ["eq"] = Equal,
        ["equalto"] = Equal,
        ["=="] = Equal,
        ["ne"] = NotEqual,
        ["!="] = NotEqual,
        ["lt"] = Ordered("<"),
        ["lessthan"] = Ordered("<"),
        ["<"] = Ordered("<"),
        ["le"] = Ordered("<="),
        ["<="] = Ordered("<="),
        ["gt"] = Ordered(">"),
        ["greaterthan"] = Ordered(">"),
        [">"] = Ordered(">"),
        ["ge"] = Ordered(">="),
        [">="] = Ordered(">="),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The test of a name; null when there is none.</summary>
    public static Builtin? Find(string name) => AllTable.GetValueOrDefault(name);

    private static Builtin Kind(Func<JinjaValue, bool> holds) => (_, value, _) => JinjaValue.From(holds(value));

    private static bool IsContainer(JinjaValue value) => value.Kind is JinjaKind.Undefined or JinjaKind.String
        or JinjaKind.List or JinjaKind.Tuple or JinjaKind.Dict;

    private static long Integer(RenderState state, JinjaValue value) => value.TryGetInteger(out var integer)
        ? integer
        : throw state.Fail($"expected an integer, not {PythonText.TypeOf(value)}");

    private static JinjaValue DivisibleBy(RenderState state, JinjaValue value, CallArguments arguments)
    {
        var divisor = Integer(state, arguments.Required(state, 0, "num"));
        return divisor switch
        {
            0 => throw state.Fail("division by zero"),
            -1 => JinjaValue.True,
            _ => JinjaValue.From(Integer(state, value) % divisor == 0),
        };
    }

    private static JinjaValue Equal(RenderState state, JinjaValue value, CallArguments arguments) =>
        JinjaValue.From(Comparison.AreEqual(state, value, arguments.Required(state, 0, "other")));

    private static JinjaValue NotEqual(RenderState state, JinjaValue value, CallArguments arguments) =>
        JinjaValue.From(!Comparison.AreEqual(state, value, arguments.Required(state, 0, "other")));

    private static Builtin Ordered(string relation) => (state, value, arguments) =>
        JinjaValue.From(Comparison.Holds(state, relation, value, arguments.Required(state, 0, "other")));
}
