using Ollama.Platform.Prompting.Jinja.Runtime;
using Ollama.Platform.Prompting.Jinja.Values;

namespace Ollama.Platform.Prompting.Jinja.Library;

/// <summary>What iterating over a value gives.</summary>
internal static class Sequences
{
    /// <summary>
    /// The items: those of a list or tuple themselves, the keys of a dictionary, the characters of a text, nothing for
    /// undefined. A list is returned as it is, not copied.
    /// </summary>
    public static IReadOnlyList<JinjaValue> ItemsOf(RenderState state, JinjaValue value)
    {
        switch (value.Kind)
        {
            case JinjaKind.Undefined:
                return [];
            case JinjaKind.List:
                state.Charge(value.AsList.Count);
                return value.AsList;
            case JinjaKind.Tuple:
                state.Charge(value.AsTuple.Length);
                return value.AsTuple;
            case JinjaKind.Dict:
                state.Charge(value.AsDict.Count);
                return [.. value.AsDict.Keys];
            case JinjaKind.String:
                state.Charge(value.AsString.Length);
                return CodePoints.Characters(value.AsString);
            default:
                throw state.Fail($"a {PythonText.TypeOf(value)} cannot be iterated over");
        }
    }

    /// <summary>A list of its own with the items of a value.</summary>
    public static List<JinjaValue> Copy(RenderState state, JinjaValue value) => [.. ItemsOf(state, value)];

    /// <summary>How many items a value has, as Python's <c>len</c> counts.</summary>
    public static long Length(RenderState state, JinjaValue value)
    {
        switch (value.Kind)
        {
            case JinjaKind.Undefined:
                return 0;
            case JinjaKind.String:
                state.ChargeScan(value.AsString.Length);
                return CodePoints.Count(value.AsString);
            case JinjaKind.List or JinjaKind.Tuple:
                return value.Items.Length;
            case JinjaKind.Dict:
                return value.AsDict.Count;
            default:
                throw state.Fail($"a {PythonText.TypeOf(value)} has no length");
        }
    }
}
