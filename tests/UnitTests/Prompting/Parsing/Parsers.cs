using System.Text.Json;
using Ollama.Platform.Contracts.Models;
using Ollama.Platform.Prompting.Parsing;

namespace Ollama.Platform.UnitTests.Prompting.Parsing;

/// <summary>The parsers that the tests share.</summary>
internal static class Parsers
{
    private static readonly OutputSyntax Qwen3 = JinjaOutput.SyntaxOf("<think></think><tool_call>");

    public static Func<IOutputParser> Json(OutputBeginning beginning = OutputBeginning.Open) =>
        () => new TaggedOutputParser(Qwen3, new JsonCallReader(), beginning, new Random(1), inPieces: true);

    public static Func<IOutputParser> WithoutTools(OutputBeginning beginning = OutputBeginning.Open) =>
        () => new TaggedOutputParser(Qwen3, null, beginning, new Random(1));

    public static Func<IOutputParser> WithoutThinking() =>
        () => new TaggedOutputParser(
            JinjaOutput.SyntaxOf("<tool_call>"),
            new JsonCallReader(),
            OutputBeginning.Open,
            new Random(1),
            inPieces: true);

    public static Func<IOutputParser> Tags(
        OutputBeginning beginning = OutputBeginning.Open, params ToolDefinition[] tools) =>
        () => new TaggedOutputParser(Qwen3, new TagCallReader(tools), beginning, new Random(1), inPieces: true);

    public static ToolDefinition Tool(string name, string properties)
    {
        using var document = JsonDocument.Parse(
            $$$"""
            {"type":"function","function":{"name":"{{{name}}}",
             "parameters":{"type":"object","properties":{{{properties}}} } } }
            """);
        return new() { Name = name, Definition = document.RootElement.Clone() };
    }
}
