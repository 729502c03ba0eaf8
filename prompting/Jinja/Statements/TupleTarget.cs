using Ollama.Platform.Prompting.Jinja.Library;
using Ollama.Platform.Prompting.Jinja.Runtime;
using Ollama.Platform.Prompting.Jinja.Syntax;
using Ollama.Platform.Prompting.Jinja.Values;

namespace Ollama.Platform.Prompting.Jinja.Statements;

/// <summary>Spreads a sequence over several targets.</summary>
internal sealed class TupleTarget(SourcePosition position, List<ITarget> targets) : ITarget
{
    public void Assign(RenderState state, JinjaValue value)
    {
        state.At = position;
        var items = Sequences.ItemsOf(state, value);
        if (items.Count != targets.Count)
        {
            throw state.Fail($"{targets.Count} values are needed here, not {items.Count}");
        }

        for (var i = 0; i < targets.Count; i++)
        {
            targets[i].Assign(state, items[i]);
        }
    }
}
