using Ollama.Platform.Contracts.Models;
using Ollama.Platform.Prompting.Parsing;
using Ollama.Platform.Prompting.Rendering;

namespace Ollama.Platform.UnitTests.Prompting.Parsing;

/// <summary>Answers that had to be calls, cut anywhere.</summary>
public sealed class ForcedCallTests
{
    private const string Two =
        "[{\"name\": \"f \\\"x\\\"\", \"arguments\":  {\"a\": \"}]{\\\\\\\"\", \"b\": [{\"c\": 1}]}}, "
        + "{\"name\":\"g\",\"arguments\":{}}]";

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(1000)]
    public void Calls_and_their_pieces_are_the_same_however_the_text_is_cut(int length)
    {
        var (pieces, calls) = Read(Two, length);
        Assert.Equal(["0 f \"x\" {\"a\": \"}]{\\\\\\\"\", \"b\": [{\"c\": 1}]}", "1 g {}"], calls.Select(Show));
        Assert.All(calls, call => Assert.StartsWith("call_", call.Id));
        Assert.Equal(
            calls.Select(call => call.Id), pieces.Where(piece => piece.Name is not null).Select(piece => piece.Id));
        foreach (var call in calls)
        {
            var own = pieces.Where(piece => piece.Index == call.Index).ToList();
            Assert.Equal(call.Name, own[0].Name);
            Assert.All(own[1..], piece => Assert.Null(piece.Name));
            Assert.Equal(call.Arguments.GetRawText(), string.Concat(own.Select(piece => piece.Arguments)));
        }
    }

    [Fact]
    public void Arguments_go_out_as_they_grow()
    {
        var parser = Parser(inPieces: true);
        Assert.Empty(parser.Read("{\"name\":\"f\",").CallPieces);
        Assert.Empty(parser.Read("\"arguments\":").CallPieces);
        Assert.Equal(("f", "{\"a"), Named(Assert.Single(parser.Read(" {\"a").CallPieces)));
        var last = parser.Read("\":1}");
        Assert.Equal("\":1}", Assert.Single(last.CallPieces).Arguments);
        Assert.Equal("0 f {\"a\":1}", Show(Assert.Single(last.ToolCalls)));
        Assert.Equal(ParsedOutput.Empty with { ToolCalls = [], CallPieces = [] }, Simple(parser.Read("}")));

        static (string?, string) Named(ToolCallPiece piece) => (piece.Name, piece.Arguments);
        static ParsedOutput Simple(ParsedOutput output) => output.ToolCalls.Count + output.CallPieces.Count == 0
            ? output with { ToolCalls = [], CallPieces = [] }
            : output;
    }

    [Fact]
    public void Pieces_come_only_when_they_are_asked_for()
    {
        var parser = Parser(inPieces: false);
        var output = parser.Read("{\"name\":\"f\",\"arguments\":{}}");
        Assert.Empty(output.CallPieces);
        Assert.Single(output.ToolCalls);
    }

    [Fact]
    public void A_cut_call_does_not_come_out()
    {
        var parser = Parser(inPieces: true);
        var begun = Assert.Single(parser.Read("{\"name\":\"f\",\"arguments\":{\"a\":").CallPieces);
        Assert.Equal("{\"a\":", begun.Arguments);
        var rest = parser.Finish();
        Assert.Empty(rest.ToolCalls);
        Assert.Equal("", rest.Content);
    }

    [Fact]
    public void Reasoning_before_the_call_stays_reasoning()
    {
        var format = ChatFormat.FromJinja("{% if tools %}<think></think><tool_call>{% endif %}");
        var prompt = new ChatPrompt { Messages = [], Now = default, Think = new ThinkSetting(true, null) };
        var parser = format.CreateCallParser(prompt, "");
        var thought = parser.Read("<think>Well {\"name\":\"f\",\"arguments\":{}}</think>");
        Assert.Equal("Well {\"name\":\"f\",\"arguments\":{}}", thought.Thinking);
        Assert.Empty(thought.ToolCalls);
        Assert.Single(parser.Read("{\"name\":\"f\",\"arguments\":{}}").ToolCalls);
    }

    private static (List<ToolCallPiece> Pieces, List<ToolCall> Calls) Read(string text, int length)
    {
        var parser = Parser(inPieces: true);
        var (pieces, calls) = (new List<ToolCallPiece>(), new List<ToolCall>());
        foreach (var cut in text.Chunk(length))
        {
            var output = parser.Read(new string(cut));
            Assert.Equal("", output.Content);
            pieces.AddRange(output.CallPieces);
            calls.AddRange(output.ToolCalls);
        }

        return (pieces, calls);
    }

    private static IOutputParser Parser(bool inPieces) =>
        ChatFormat.Bare.CreateCallParser(
            new ChatPrompt { Messages = [], Now = default, CallsInPieces = inPieces }, "");

    private static string Show(ToolCall call) => $"{call.Index} {call.Name} {call.Arguments.GetRawText()}";
}
