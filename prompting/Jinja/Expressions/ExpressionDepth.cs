using Ollama.Platform.Prompting.Jinja.Syntax;
using Ollama.Platform.Prompting.Rendering;

namespace Ollama.Platform.Prompting.Jinja.Expressions;

/// <summary>Limits how deep expressions are, so that evaluating one cannot exhaust the stack.</summary>
internal static class ExpressionDepth
{
    // A chain of additions is as deep as it is long. Real templates stay below 40.
    private const int DepthMax = 400;

    /// <summary>The depth of an expression over others; fails where that is too much.</summary>
    public static int Above(SourcePosition position, params ReadOnlySpan<IExpression?> parts)
    {
        var deepest = 0;
        foreach (var part in parts)
        {
            deepest = Math.Max(deepest, part?.Depth ?? 0);
        }

        return deepest < DepthMax
            ? deepest + 1
            : throw new TemplateException("the expression is nested too deeply", position.Line, position.Column);
    }
}
