using Ollama.Platform.Prompting.Jinja.Runtime;
using Ollama.Platform.Prompting.Jinja.Values;

namespace Ollama.Platform.Prompting.Jinja.Statements;

/// <summary>
/// What a macro is made of. The last three numbers are those of the names it may find extra arguments under.
/// </summary>
internal sealed record MacroDefinition
{
    public required string Name { get; init; }

    public required List<MacroParameter> Parameters { get; init; }

    public required IStatement Body { get; init; }

    /// <summary>
    /// The number of <c>varargs</c> if the body reads it: then more arguments than parameters may come.
    /// </summary>
    public int? VarArgs { get; init; }

    /// <summary>The number of <c>kwargs</c> if the body reads it: then arguments of other names may come.</summary>
    public int? KeywordArgs { get; init; }

    public required int Caller { get; init; }

    /// <summary>Puts the arguments into the innermost scope, which is the macro's.</summary>
    public void Bind(RenderState state, CallArguments arguments)
    {
        var positional = arguments.Positional;
        if (positional.Length > Parameters.Count && VarArgs is null)
        {
            throw state.Fail($"'{Name}' takes {Parameters.Count} arguments, not {positional.Length}");
        }

        for (var i = 0; i < Parameters.Count; i++)
        {
            var (number, name, otherwise) = Parameters[i];
            var value = arguments.TryGet(i, name, out var passed)
                ? passed
                : otherwise?.Evaluate(state) ?? JinjaValue.Undefined(name);
            state.SetName(number, value);
        }

        if (VarArgs is { } varArgs)
        {
            state.SetName(varArgs, JinjaValue.TupleOf(positional.Length > Parameters.Count
                ? positional[Parameters.Count..]
                : []));
        }

        BindOtherNames(state, arguments.Named);
    }

    private void BindOtherNames(RenderState state, NamedValue[] named)
    {
        var others = new JinjaDict();
        foreach (var (name, value) in named)
        {
            if (name == "caller")
            {
                state.SetName(Caller, value);
            }
            else if (!Parameters.Exists(parameter => parameter.Name == name))
            {
                others.Set(name, value);
            }
        }

        if (KeywordArgs is { } keywordArgs)
        {
            state.SetName(keywordArgs, JinjaValue.From(others));
        }
        else if (others.Count > 0)
        {
            throw state.Fail($"'{Name}' has no parameter '{others.EntryAt(0).Key.AsString}'");
        }
    }
}
