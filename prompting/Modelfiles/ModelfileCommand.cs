namespace Ollama.Platform.Prompting.Modelfiles;

/// <summary>One command of a Modelfile.</summary>
/// <param name="Name">
/// The lower-case instruction (<c>from</c>, <c>template</c>, …), <c>message</c>, or <c>parameter</c>.
/// </param>
/// <param name="Key">Role of a message or name of a parameter; empty for the others.</param>
/// <param name="Value">The value without its quotes.</param>
public sealed record ModelfileCommand(string Name, string Key, string Value)
{
    /// <summary>Makes a command that has no key.</summary>
    public ModelfileCommand(string name, string value)
        : this(name, "", value)
    {
    }
}
