using Ollama.Platform.Contracts.Models;

namespace Ollama.Platform.Prompting.Parsing;

/// <summary>Reads reasoning by its marks, and calls in the answer by the mark of their beginning alone.</summary>
/// <param name="thinking">Sets the reasoning apart.</param>
/// <param name="scanner">Finds the calls in the rest.</param>
internal sealed class LooseOutputParser(IOutputParser thinking, LooseCallScanner scanner) : IOutputParser
{
    public ParsedOutput Read(string text) => Scan(thinking.Read(text));

    public ParsedOutput Finish()
    {
        var output = Scan(thinking.Finish());
        return output with { Content = output.Content + scanner.Finish() };
    }

    private ParsedOutput Scan(ParsedOutput output)
    {
        if (output.Content.Length == 0)
        {
            return output;
        }

        var found = new List<ToolCall>();
        var content = scanner.Read(output.Content, found);
        return output with { Content = content, ToolCalls = found, CallPieces = scanner.TakePieces() };
    }
}
