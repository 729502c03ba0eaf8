using Ollama.Platform.Prompting.Jinja.Runtime;
using Ollama.Platform.Prompting.Jinja.Values;

namespace Ollama.Platform.Prompting.Jinja.Library;

/// <summary>Gives nothing at the first call and its separator at every later one.</summary>
internal sealed class Joiner(JinjaValue separator) : IJinjaCallable
{
    private bool _used;

    public string TypeName => "Joiner";

    public string Display => "<Joiner>";

    public bool TryGetMember(string name, out JinjaValue value)
    {
        value = default;
        return false;
    }

    public JinjaValue Call(RenderState state, CallArguments arguments)
    {
        var result = _used ? separator : JinjaValue.EmptyText;
        _used = true;
        return result;
    }
}
