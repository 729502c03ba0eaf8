using Ollama.Platform.Prompting.Go.Runtime;
using Ollama.Platform.Prompting.Go.Values;
using Ollama.Platform.Prompting.Rendering;

namespace Ollama.Platform.Prompting.Go.Library;

/// <summary>A function call in progress.</summary>
/// <param name="State">The rendering.</param>
/// <param name="Name">The function.</param>
internal readonly record struct GoCall(GoRenderState State, string Name)
{
    public TemplateException Fail(string message) => State.Fail($"error calling {Name}: {message}");

    /// <summary>Makes a value of a text, counting it.</summary>
    public GoString Text(string text)
    {
        State.ChargeText(text.Length);
        return new GoString(text);
    }
}
