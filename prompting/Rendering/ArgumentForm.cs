namespace Ollama.Platform.Prompting.Rendering;

/// <summary>What a template takes the arguments of a past tool call to be.</summary>
internal enum ArgumentForm
{
    /// <summary>A dictionary.</summary>
    Object = 0,

    /// <summary>The text of a JSON object.</summary>
    Text = 1,
}
