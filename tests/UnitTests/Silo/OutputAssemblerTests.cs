using System.Globalization;
using System.Text.Json;
using Ollama.Platform.Contracts.Models;
using Ollama.Platform.Inference.Runner;
using Ollama.Platform.Prompting.Parsing;
using Ollama.Platform.Prompting.Rendering;
using Ollama.Platform.Silo.Models;

namespace Ollama.Platform.UnitTests.Silo;

/// <summary>What clients see of a sequence.</summary>
public sealed class OutputAssemblerTests
{
    private static readonly SequenceChunk Last = new() { FinishReason = FinishReason.Stop };

    [Fact]
    public void Log_probabilities_go_out_while_their_text_is_held_back()
    {
        var assembler = new OutputAssembler(new ScriptedParser(ParsedOutput.Empty), null);
        var probability = new TokenLogProb("x", -1, [120], []);
        var chunk = Assert.Single(assembler.Read(new SequenceChunk { Text = "x", LogProbs = [probability] }));
        Assert.Equal("", chunk.Content);
        Assert.Equal([probability], chunk.LogProbs);
    }

    [Fact]
    public void Text_that_is_held_back_makes_no_chunk() =>
        Assert.Empty(new OutputAssembler(new ScriptedParser(ParsedOutput.Empty),
            null).Read(new SequenceChunk { Text = "x" }));

    [Fact]
    public void A_tool_call_goes_out_at_once_and_changes_the_finish_reason()
    {
        var call = new ToolCall { Name = "f", Arguments = JsonDocument.Parse("{}").RootElement };
        var assembler = new OutputAssembler(new ScriptedParser(new ParsedOutput { ToolCalls = [call] }), null);
        Assert.Equal([call], Assert.Single(assembler.Read(new SequenceChunk { Text = "x" })).ToolCalls);
        Assert.Equal(FinishReason.ToolCalls, assembler.Read(Last).Last().FinishReason);
    }

    [Fact]
    public void Where_one_call_is_allowed_no_other_goes_out()
    {
        var call = new ToolCall { Name = "f", Arguments = JsonDocument.Parse("{}").RootElement };
        var parser = new ScriptedParser(
            new ParsedOutput { Content = "c", ToolCalls = [call, call with { Index = 1 }] });
        var assembler = new OutputAssembler(parser, null, manyCalls: false);
        Assert.Equal([call], Assert.Single(assembler.Read(new SequenceChunk { Text = "x" })).ToolCalls);
        var second = Assert.Single(assembler.Read(new SequenceChunk { Text = "x" }));
        Assert.Equal(("c", 0), (second.Content, second.ToolCalls.Count));
        Assert.Equal(FinishReason.ToolCalls, assembler.Read(Last).Last().FinishReason);
    }

    [Fact]
    public void A_call_that_goes_on_comes_before_text_and_before_the_next_call()
    {
        var first = new ToolCall { Id = "a", Name = "f", Arguments = JsonElement.Parse("{}") };
        var whole = first with { Id = "b", Index = 1 };
        var parser = new ScriptedParser(new ParsedOutput
        {
            Content = "c",
            CallPieces = [new ToolCallPiece(0, "}"), new ToolCallPiece(2, "{") { Id = "d", Name = "f" }],
            ToolCalls = [first, whole],
        });
        var probability = new TokenLogProb("x", -1, [120], []);
        var chunks = new OutputAssembler(parser, null)
            .Read(new SequenceChunk { Text = "x", LogProbs = [probability] }).ToList();
        Assert.Equal(
            ["}", "", "", "{"], chunks.Select(chunk => string.Concat(chunk.CallPieces.Select(one => one.Arguments))));
        Assert.Equal(["", "c", "", ""], chunks.Select(chunk => chunk.Content));
        Assert.Equal([0, -1, 1, -1], chunks.Select(chunk => chunk.ToolCalls.SingleOrDefault()?.Index ?? -1));
        Assert.Equal([1, 0, 0, 0], chunks.Select(chunk => chunk.LogProbs.Count));
    }

    [Fact]
    public void Where_one_call_is_allowed_no_piece_of_another_goes_out()
    {
        var parser = new ScriptedParser(new ParsedOutput
        {
            CallPieces = [new ToolCallPiece(1, "{") { Id = "d", Name = "f" }],
        });
        Assert.Empty(new OutputAssembler(parser, null, manyCalls: false).Read(new SequenceChunk { Text = "x" }));
    }

    [Fact]
    public void A_completion_cut_by_its_limit_stays_cut_even_after_a_tool_call()
    {
        var call = new ToolCall { Name = "f", Arguments = JsonDocument.Parse("{}").RootElement };
        var assembler = new OutputAssembler(new ScriptedParser(new ParsedOutput { ToolCalls = [call] }), null);
        var chunks = assembler.Read(new SequenceChunk { Text = "x", FinishReason = FinishReason.Length });
        Assert.Equal(FinishReason.Length, chunks.Last().FinishReason);
    }

    [Fact]
    public void The_last_chunk_has_no_text_and_what_was_held_back_comes_before_it()
    {
        var parser =
            new ScriptedParser(new ParsedOutput { Content = "a" }) { Rest = new ParsedOutput { Content = "b" } };
        var chunks = new OutputAssembler(parser, null).Read(Last with { Text = "x" }).ToArray();
        Assert.Equal(["a", "b", ""], chunks.Select(chunk => chunk.Content));
        Assert.All(chunks[..^1], chunk => Assert.Null(chunk.FinishReason));
        Assert.NotNull(chunks[^1].Usage);
    }

    [Theory]
    [InlineData("<think>:1|Let me:2|</think>:1|Hi:1| you:1", 4)]
    [InlineData("<think>Let me</think>Hi you:6", 4)]
    [InlineData("<think>Let:2| me</think>Hi you:4", 4)]
    [InlineData("Hi you:6", 0)]
    public void Tokens_before_the_answer_are_those_of_the_reasoning_however_they_come(string chunks, int count)
    {
        var format = ChatFormat.FromJinja("<think></think>");
        var parser = format.CreateParser(new ChatPrompt { Messages = [], Now = default }, "");
        var assembler = new OutputAssembler(parser, null);
        foreach (var chunk in chunks.Split('|').Select(chunk => chunk.Split(':')))
        {
            var tokens = new int[int.Parse(chunk[1], CultureInfo.InvariantCulture)];
            _ = assembler.Read(new SequenceChunk { Text = chunk[0], Tokens = tokens }).ToList();
        }

        var usage = new SequenceUsage
        {
            PromptTokenCount = 3,
            CachedTokenCount = 0,
            CompletionTokenCount = 7,
            QueueWait = default,
            PrefillDuration = default,
            DecodeDuration = default,
        };
        Assert.Equal(count, assembler.Read(Last with { Usage = usage }).Last().Usage!.ThinkingTokenCount);
    }

    [Fact]
    public void Without_reasoning_no_token_counts_as_its()
    {
        var assembler = new OutputAssembler(new ScriptedParser(new ParsedOutput { Content = "a" }), null);
        _ = assembler.Read(new SequenceChunk { Text = "a", Tokens = [1, 2] }).ToList();
        var last = assembler.Read(Last with { StopSequence = "END" }).Last();
        Assert.Equal(0, last.Usage!.ThinkingTokenCount);
        Assert.Equal("END", last.StopSequence);
    }

    [Fact]
    public void The_context_is_the_prompt_and_every_token()
    {
        var assembler = new OutputAssembler(new ScriptedParser(ParsedOutput.Empty), [1, 2]);
        Assert.Empty(assembler.Read(new SequenceChunk { Tokens = [3] }));
        Assert.Equal([1, 2, 3, 4], assembler.Read(Last with { Tokens = [4] }).Single().Context);
    }

    private sealed class ScriptedParser(ParsedOutput output) : IOutputParser
    {
        public ParsedOutput Rest { get; init; } = ParsedOutput.Empty;

        public ParsedOutput Read(string text) => text.Length == 0 ? ParsedOutput.Empty : output;

        public ParsedOutput Finish() => Rest;
    }
}
