using Ollama.Platform.Prompting.Jinja.Library;
using Ollama.Platform.Prompting.Jinja.Runtime;
using Ollama.Platform.Prompting.Jinja.Syntax;
using Ollama.Platform.Prompting.Jinja.Values;

namespace Ollama.Platform.Prompting.Jinja.Expressions;

/// <summary>A test: <c>value is name(arguments)</c>, or <c>is not</c>.</summary>
internal sealed class TestExpression(
    SourcePosition position, IExpression input, string name, ArgumentList arguments, bool negated)
    : IExpression
{
    private readonly Builtin? _test = Tests.Find(name);

    public SourcePosition Position => position;

    public int Depth { get; } = ExpressionDepth.Above(position, [input, .. arguments.Parts]);

    public JinjaValue Evaluate(RenderState state)
    {
        state.Step();
        var value = input.Evaluate(state);
        var values = arguments.Evaluate(state);
        state.At = position;
        return _test is null
            ? throw state.Fail($"no test is named '{name}'")
            : JinjaValue.From(_test(state, value, values).IsTrue != negated);
    }
}
