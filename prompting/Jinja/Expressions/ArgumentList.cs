using Ollama.Platform.Prompting.Jinja.Library;
using Ollama.Platform.Prompting.Jinja.Runtime;
using Ollama.Platform.Prompting.Jinja.Values;

namespace Ollama.Platform.Prompting.Jinja.Expressions;

/// <summary>The arguments of a call as written.</summary>
internal sealed class ArgumentList(
    IExpression[] positional,
    KeyValuePair<string, IExpression>[] named,
    IExpression? spreadList,
    IExpression? spreadDict)
{
    public static ArgumentList Empty { get; } = new([], [], null, null);

    /// <summary>All argument expressions, for their depth.</summary>
    public IExpression?[] Parts { get; } =
        [.. positional, .. named.Select(argument => argument.Value), spreadList, spreadDict];

    public static ArgumentList Of(IExpression argument) => new([argument], [], null, null);

    public CallArguments Evaluate(RenderState state)
    {
        if (Parts.Length == 2)
        {
            // Only the places of the two absent spreads.
            return spreadList is null && spreadDict is null ? CallArguments.None : Spread(state, [], []);
        }

        var values = new JinjaValue[positional.Length];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = positional[i].Evaluate(state);
        }

        NamedValue[] namedValues = named.Length == 0 ? [] : new NamedValue[named.Length];
        for (var i = 0; i < namedValues.Length; i++)
        {
            namedValues[i] = new NamedValue(named[i].Key, named[i].Value.Evaluate(state));
        }

        return spreadList is null && spreadDict is null
            ? new CallArguments(values, namedValues)
            : Spread(state, values, namedValues);
    }

    private CallArguments Spread(RenderState state, JinjaValue[] values, NamedValue[] namedValues)
    {
        if (spreadList is not null)
        {
            values = [.. values, .. Sequences.ItemsOf(state, spreadList.Evaluate(state))];
        }

        if (spreadDict?.Evaluate(state) is { } dict)
        {
            if (dict.Kind != JinjaKind.Dict)
            {
                throw state.Fail($"the argument after ** must be a mapping, not {PythonText.TypeOf(dict)}");
            }

            state.Charge(dict.AsDict.Count);
            namedValues =
            [
                .. namedValues,
                .. dict.AsDict.Entries.Select(e => new NamedValue(PythonText.Str(state, e.Key), e.Value)),
            ];
        }

        return new CallArguments(values, namedValues);
    }
}
