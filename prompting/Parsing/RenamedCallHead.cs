namespace Ollama.Platform.Prompting.Parsing;

/// <summary>The heads of calls whose names a family writes in another way than their tools declare.</summary>
/// <param name="head">Finds the names as they are written.</param>
/// <param name="rename">Gives the name of the tool.</param>
internal sealed class RenamedCallHead(ICallHead head, Func<string, string> rename) : ICallHead
{
    public string? Read(char character) => head.Read(character) is { } name ? rename(name) : null;

    public IGrowingArguments Open() => head.Open();
}
