namespace Ollama.Platform.Prompting.Parsing;

/// <summary>Makes calls of an answer that had to be a call; reasoning before it stays what it is.</summary>
/// <param name="answer">Sets reasoning apart and looks for no calls itself.</param>
/// <param name="random">Where the ids of calls come from.</param>
/// <param name="inPieces">Tells also what calls grow by.</param>
internal sealed class ForcedCallParser(IOutputParser answer, Random random, bool inPieces) : IOutputParser
{
    private readonly ForcedCallScanner _scanner = new(random);

    public ParsedOutput Read(string text) => ToCalls(answer.Read(text));

    public ParsedOutput Finish() => ToCalls(answer.Finish());

    private ParsedOutput ToCalls(ParsedOutput output)
    {
        var (pieces, calls) = _scanner.Read(output.Content);
        return output with { Content = "", ToolCalls = calls, CallPieces = inPieces ? pieces : [] };
    }
}
