using Ollama.Platform.Prompting.Jinja.Expressions;
using Ollama.Platform.Prompting.Jinja.Library;
using Ollama.Platform.Prompting.Jinja.Runtime;
using Ollama.Platform.Prompting.Jinja.Syntax;
using Ollama.Platform.Prompting.Jinja.Values;

namespace Ollama.Platform.Prompting.Jinja.Statements;

/// <summary>Assigns a member of a namespace; other values cannot be changed this way.</summary>
internal sealed class MemberTarget(SourcePosition position, IExpression owner, string name) : ITarget
{
    public void Assign(RenderState state, JinjaValue value)
    {
        var target = owner.Evaluate(state);
        state.At = position;
        if (target.Kind != JinjaKind.Object || target.AsObject is not NamespaceObject space)
        {
            throw state.Fail($"only members of a namespace can be set, not of {PythonText.TypeOf(target)}");
        }

        space.Members.Set(name, value);
    }
}
