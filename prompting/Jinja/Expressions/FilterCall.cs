using Ollama.Platform.Prompting.Jinja.Library;
using Ollama.Platform.Prompting.Jinja.Runtime;
using Ollama.Platform.Prompting.Jinja.Syntax;
using Ollama.Platform.Prompting.Jinja.Values;

namespace Ollama.Platform.Prompting.Jinja.Expressions;

/// <summary>
/// A filter with its arguments. An unknown name fails when it is used, not before: templates guard exotic filters with
/// conditions.
/// </summary>
internal sealed class FilterCall(SourcePosition position, string name, ArgumentList arguments)
{
    private readonly Builtin? _filter = Filters.Find(name);

    public SourcePosition Position => position;

    public ArgumentList Arguments => arguments;

    public JinjaValue Apply(RenderState state, JinjaValue value)
    {
        state.Step();
        var values = arguments.Evaluate(state);
        state.At = position;
        return _filter is null ? throw state.Fail($"no filter is named '{name}'") : _filter(state, value, values);
    }
}
