using Ollama.Platform.Prompting.Jinja.Library;
using Ollama.Platform.Prompting.Jinja.Runtime;
using Ollama.Platform.Prompting.Jinja.Syntax;
using Ollama.Platform.Prompting.Jinja.Values;

namespace Ollama.Platform.Prompting.Jinja.Expressions;

/// <summary>Values joined as text by <c>~</c>.</summary>
internal sealed class ConcatenationExpression(SourcePosition position, List<IExpression> parts) : IExpression
{
    public SourcePosition Position => position;

    public int Depth { get; } = ExpressionDepth.Above(position, [.. parts]);

    public JinjaValue Evaluate(RenderState state)
    {
        state.Charge(parts.Count);
        var texts = new string[parts.Count];
        var length = 0L;
        for (var i = 0; i < texts.Length; i++)
        {
            texts[i] = PythonText.Str(state, parts[i].Evaluate(state));
            length += texts[i].Length;
        }

        state.At = position;
        state.ChargeText(length);
        return JinjaValue.From(string.Concat(texts));
    }
}
