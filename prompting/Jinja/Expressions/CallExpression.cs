using Ollama.Platform.Prompting.Jinja.Library;
using Ollama.Platform.Prompting.Jinja.Runtime;
using Ollama.Platform.Prompting.Jinja.Syntax;
using Ollama.Platform.Prompting.Jinja.Values;

namespace Ollama.Platform.Prompting.Jinja.Expressions;

/// <summary>A call of a function, macro or method.</summary>
internal sealed class CallExpression(SourcePosition position, IExpression callee, ArgumentList arguments) : IExpression
{
    public SourcePosition Position => position;

    public int Depth { get; } = ExpressionDepth.Above(position, [callee, .. arguments.Parts]);

    public JinjaValue Evaluate(RenderState state) => Invoke(state, null);

    /// <summary>Calls with one more named argument, as a call block does to pass its body.</summary>
    public JinjaValue Invoke(RenderState state, NamedValue? extra)
    {
        state.Step();
        state.EnsureStack();
        if (callee is not MemberExpression member)
        {
            return Call(state, callee.Evaluate(state), Arguments(state, extra));
        }

        // A method wins over a dictionary's key of the same name, but only when it is called.
        var target = member.Target.Evaluate(state);
        if (Methods.TryFind(target.Kind, member.Name, out var method))
        {
            var values = Arguments(state, extra);
            state.At = position;
            return method(state, target, values);
        }

        var value = member.Read(state, target);
        if (value.IsUndefined)
        {
            throw state.Fail($"a {target.TypeName} has no method '{member.Name}'");
        }

        return Call(state, value, Arguments(state, extra));
    }

    private CallArguments Arguments(RenderState state, NamedValue? extra)
    {
        var values = arguments.Evaluate(state);
        return extra is { } named ? values.With(named) : values;
    }

    private JinjaValue Call(RenderState state, JinjaValue value, CallArguments values)
    {
        state.At = position;
        return Members.AsCallable(state, value).Call(state, values);
    }
}
