using Ollama.Platform.Prompting.Jinja.Runtime;

namespace Ollama.Platform.Prompting.Jinja.Values;

/// <summary>A value that can be called: a function, a bound method, a macro.</summary>
internal interface IJinjaCallable : IJinjaObject
{
    /// <summary>Calls it; the state's position is that of the call.</summary>
    JinjaValue Call(RenderState state, CallArguments arguments);
}
