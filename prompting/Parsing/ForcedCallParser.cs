using Ollama.Platform.Prompting.Grammars;

namespace Ollama.Platform.Prompting.Parsing;

/// <summary>Makes calls of an answer that follows <see cref="ToolCallGrammar"/>; reasoning before it stays what it
/// is.</summary>
internal sealed class ForcedCallParser : IOutputParser
{
    private readonly IOutputParser _answer;
    private readonly GrowingCalls _calls;
    private readonly bool _inPieces;

    /// <summary>Begins a completion.</summary>
    /// <param name="answer">Sets reasoning apart and looks for no calls itself.</param>
    /// <param name="random">Where the ids of calls come from.</param>
    /// <param name="inPieces">Tells also what calls grow by.</param>
    public ForcedCallParser(IOutputParser answer, Random random, bool inPieces)
    {
        (_answer, _inPieces) = (answer, inPieces);
        _calls = new(random, inPieces: true);
        _calls.Follow(new JsonCallHead([ToolCallGrammar.NameKey], [ToolCallGrammar.ArgumentsKey]));
    }

    public ParsedOutput Read(string text) => ToCalls(_answer.Read(text));

    public ParsedOutput Finish() => ToCalls(_answer.Finish());

    private ParsedOutput ToCalls(ParsedOutput output)
    {
        _calls.Read(output.Content);
        var pieces = _calls.Take();
        return output with
        {
            Content = "",
            ToolCalls = _calls.CompleteClosed(),
            CallPieces = _inPieces ? pieces : [],
        };
    }
}
