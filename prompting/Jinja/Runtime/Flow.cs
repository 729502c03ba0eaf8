namespace Ollama.Platform.Prompting.Jinja.Runtime;

/// <summary>How execution goes on after a statement.</summary>
internal enum Flow : byte
{
    Next,
    Break,
    Continue,
}
