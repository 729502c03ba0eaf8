using Ollama.Platform.Prompting.Jinja.Library;
using Ollama.Platform.Prompting.Jinja.Runtime;
using Ollama.Platform.Prompting.Jinja.Syntax;
using Ollama.Platform.Prompting.Jinja.Values;

namespace Ollama.Platform.Prompting.Jinja.Expressions;

/// <summary>A dictionary written out.</summary>
internal sealed class DictExpression(SourcePosition position, List<KeyValuePair<IExpression, IExpression>> entries)
    : IExpression
{
    public SourcePosition Position => position;

    public int Depth { get; } = ExpressionDepth.Above(position, [.. entries.SelectMany(e => new[] { e.Key, e.Value })]);

    public JinjaValue Evaluate(RenderState state)
    {
        state.Charge(entries.Count + 1);
        var dict = new JinjaDict();
        foreach (var (key, value) in entries)
        {
            var keyValue = key.Evaluate(state);
            state.At = key.Position;
            DictKeys.Require(state, keyValue);
            dict.Set(keyValue, value.Evaluate(state));
        }

        return JinjaValue.From(dict);
    }
}
