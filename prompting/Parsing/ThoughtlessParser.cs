namespace Ollama.Platform.Prompting.Parsing;

/// <summary>Leaves out reasoning that nobody asked for.</summary>
internal sealed class ThoughtlessParser(IOutputParser parser) : IOutputParser
{
    public ParsedOutput Read(string text) => WithoutThinking(parser.Read(text));

    public ParsedOutput Finish() => WithoutThinking(parser.Finish());

    private static ParsedOutput WithoutThinking(ParsedOutput output) =>
        output.Thinking.Length == 0 ? output : output with { Thinking = "" };
}
