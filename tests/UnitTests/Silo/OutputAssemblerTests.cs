using System.Text.Json;
using Ollama.Platform.Contracts.Models;
using Ollama.Platform.Inference.Runner;
using Ollama.Platform.Prompting.Parsing;
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
