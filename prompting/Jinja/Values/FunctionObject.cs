using Ollama.Platform.Prompting.Jinja.Runtime;

namespace Ollama.Platform.Prompting.Jinja.Values;

/// <summary>A built-in function, or a method bound to the value it was read from.</summary>
internal sealed class FunctionObject(string name, Builtin function, JinjaValue self) : IJinjaCallable
{
    public string TypeName => "function";

    public string Display => $"<function {name}>";

    public bool TryGetMember(string name, out JinjaValue value)
    {
        value = default;
        return false;
    }

    public JinjaValue Call(RenderState state, CallArguments arguments) => function(state, self, arguments);
}
