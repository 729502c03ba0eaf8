using System.Text;
using System.Text.Json;
using Ollama.Platform.Contracts.Models;
using Ollama.Platform.Inference.Engine;
using Ollama.Platform.Inference.Runner;
using Ollama.Platform.Inference.Sampling;
using Ollama.Platform.Inference.Sampling.Grammars;
using Ollama.Platform.Inference.Scheduling;
using Ollama.Platform.Inference.Sequences;
using Ollama.Platform.Prompting.Grammars;

namespace Ollama.Platform.UnitTests.Inference.Grammars;

public sealed class GrammarSamplingTests
{
    private const string Schema = "{'type':'object','properties':{'name':{'type':'string','maxLength':6},"
        + "'age':{'type':'integer','minimum':0,'maximum':120},'ok':{'type':'boolean'}},'required':['name','age']}";

    public static TheoryData<SamplingOptions> Samplings =>
    [
        new SamplingOptions { Temperature = 0 },
        new SamplingOptions { Seed = 1 },
        new SamplingOptions { Seed = 2, TopK = 0, TopP = 1 },
        new SamplingOptions { Seed = 3, TopK = 0, TopP = 0.5f },
        new SamplingOptions { Seed = 4, TopK = 2, MinP = 0.5f, RepeatPenalty = 1.3f },
        new SamplingOptions { Seed = 5, TypicalP = 0.4f, Temperature = 5f },
        new SamplingOptions { Seed = 6, TopK = 0, TopP = 1, MinP = 0.1f },
    ];

    [Theory]
    [MemberData(nameof(Samplings))]
    public void Whatever_the_logits_the_text_keeps_to_the_schema(SamplingOptions sampling)
    {
        var grammar = Prompting.Grammars.Schemas.Text(Schema);
        for (var seed = 1; seed <= 5; seed++)
        {
            var text = Run(Request(sampling, grammar), new ScriptedEngineOptions { Seed = seed, EndEvery = 3 });
            var document = JsonDocument.Parse(text).RootElement;
            Assert.InRange(document.GetProperty("name").GetString()!.EnumerateRunes().Count(), 0, 6);
            Assert.InRange(document.GetProperty("age").GetInt32(), 0, 120);
        }
    }

    [Fact]
    public void Pieces_of_several_bytes_keep_to_the_schema()
    {
        var random = new Random(9);
        List<byte[]> pieces = [.. ScriptedEngine.BytePieces().SkipLast(1)];
        for (var token = 0; token < 3000; token++)
        {
            var piece = new byte[1 + random.Next(5)];
            for (var index = 0; index < piece.Length; index++)
            {
                piece[index] = "\"{}[],: 0123abcnameagok\n"u8[random.Next(23)];
            }

            pieces.Add(piece);
        }

        pieces.Add([]);
        var grammar = Prompting.Grammars.Schemas.Text(Schema);
        for (var seed = 1; seed <= 10; seed++)
        {
            var text = Run(
                Request(new SamplingOptions { Seed = (uint)seed }, grammar),
                new ScriptedEngineOptions { Seed = seed, Pieces = pieces });
            JsonDocument.Parse(text);
        }
    }

    [Fact]
    public void A_model_that_keeps_to_the_schema_by_itself_is_not_disturbed()
    {
        const string Reply = "{ \"name\": \"Tom\",\n  \"age\": 3 }";
        foreach (var grammar in new[] { null, Prompting.Grammars.Schemas.Text(Schema) })
        {
            var request = Request(new SamplingOptions { Temperature = 0 }, grammar);
            Assert.Equal(Reply, Run(request, new ScriptedEngineOptions { Reply = Reply }));
        }
    }

    [Fact]
    public void Reasoning_is_free_and_the_answer_is_not()
    {
        const string Reply = "Let me think.</think>\n\nSure! 42";
        var text = Run(
            Request(new SamplingOptions { Temperature = 0 }, "root ::= \"{\" [0-9]{2} \"}\"") with
            {
                GrammarStart = "</think>",
            },
            new ScriptedEngineOptions { Reply = Reply });
        Assert.Matches(@"^Let me think\.</think>\s*\{[0-9]{2}\}$", text);
    }

    [Fact]
    public void Greedy_sampling_takes_the_best_token_allowed()
    {
        var logits = new float[257];
        for (var token = 0; token < logits.Length; token++)
        {
            logits[token] = token;
        }

        var (pieces, scratch) = (new PieceTable(ScriptedEngine.BytePieces(), Ends()), new SamplerScratch(257));
        var trie = new PieceTrie(pieces);
        var before = logits.ToArray();
        foreach (var (grammar, expected) in new[]
        {
            ("root ::= [a-f\\U00000001]", 'f'), ("root ::= [\\x01\\x02]", '\x02'), ("root ::= \"\" | \"a\"", '\u0100'),
        })
        {
            var constraint = new GrammarConstraint(Texts.Matcher(grammar), pieces, trie);
            var chain = new SamplerChain(new SamplingOptions { Temperature = 0 }, 1, 16);
            Assert.Equal(expected, chain.Sample(logits, scratch, constraint));
            Assert.Equal(before, logits);
        }
    }

    [Fact]
    public void The_share_of_each_token_is_that_of_the_tokens_allowed()
    {
        // Half of the probability is on tokens that the grammar excludes.
        var logits = new float[257];
        Array.Fill(logits, float.NegativeInfinity);
        (logits['x'], logits['a'], logits['b'], logits['c']) = (2f, 1f, 0f, 0.5f);
        var (pieces, scratch) = (new PieceTable(ScriptedEngine.BytePieces(), Ends()), new SamplerScratch(257));
        var constraint = new GrammarConstraint(Texts.Matcher("root ::= [ab]"), pieces, new PieceTrie(pieces));
        var chain = new SamplerChain(new SamplingOptions { Temperature = 1, TopK = 0, TopP = 1 }, 77, 16);
        var count = 0;
        const int Draws = 20_000;
        for (var draw = 0; draw < Draws; draw++)
        {
            count += chain.Sample(logits, scratch, constraint) == 'a' ? 1 : 0;
        }

        var expected = Math.E / (Math.E + 1);
        Assert.InRange(count / (double)Draws, expected - 0.015, expected + 0.015);
    }

    [Fact]
    public void A_grammar_that_no_token_continues_ends_with_an_error()
    {
        var options = new ScriptedEngineOptions { Pieces = ["a"u8.ToArray(), "b"u8.ToArray(), []] };
        var engine = new ScriptedEngine(options);
        var chunk = RunChunk(Request(new SamplingOptions(), "root ::= \"ac\"") with { PromptTokens = [0] }, engine);
        Assert.Equal(FinishReason.Error, chunk.FinishReason);
    }

    [Fact]
    public void Sampling_by_a_grammar_allocates_nothing_once_it_is_known()
    {
        var pieces = new PieceTable(ScriptedEngine.BytePieces(), Ends());
        var (trie, scratch) = (new PieceTrie(pieces), new SamplerScratch(257));
        var matcher = Texts.Matcher(Grammar.AnyJson.Text);
        var constraint = new GrammarConstraint(matcher, pieces, trie);
        var logits = new float[257];
        Write();
        Write();
        var before = GC.GetAllocatedBytesForCurrentThread();
        Write();
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());

        void Write()
        {
            // The chain is made before, as in a sequence.
            matcher.Reset();
            var random = new RandomStream(5);
            for (var step = 0; step < 200; step++)
            {
                foreach (ref var logit in logits.AsSpan())
                {
                    logit = (float)random.NextUnit();
                }

                var count = constraint.Keep(scratch.Keys.AsSpan(0, TopCandidates.Select(logits, 64, scratch)));
                count = count > 0 ? count : constraint.Collect(logits, scratch);
                if (count > 0 && CandidateKey.Index(scratch.Keys[0]) is var token && token < 256)
                {
                    constraint.Accept(token);
                }
            }
        }
    }

    private static bool[] Ends() => [.. Enumerable.Range(0, 257).Select(token => token == 256)];

    private static SequenceRequest Request(SamplingOptions sampling, string? grammar) => new()
    {
        Id = 1,
        PromptTokens = [.. "Say: "u8.ToArray().Select(value => (int)value)],
        Sampling = sampling,
        CompletionTokensMax = 4000,
        Grammar = grammar,
    };

    private static string Run(SequenceRequest request, ScriptedEngineOptions options)
    {
        options = options with { CellCount = 8192 };
        var engine = new ScriptedEngine(options);
        var chunk = RunChunk(request, engine);
        Assert.Equal(FinishReason.Stop, chunk.FinishReason);
        return chunk.Text;
    }

    private static (FinishReason FinishReason, string Text) RunChunk(SequenceRequest request, ScriptedEngine engine)
    {
        var limits = new SchedulerLimits
        {
            SlotCount = 1,
            CellCount = engine.Description.CellCount,
            ContextTokens = engine.Description.CellCount,
            BatchTokensMax = engine.Description.BatchTokensMax,
            QueueLengthMax = 1,
        };
        var loop = new DecodeLoop(engine, limits, TimeProvider.System);
        var sequence = new Sequence(
            request, limits.ContextTokens, creditTokens: 5000, seed: request.Sampling.Seed ?? 1,
            new GrammarCache(engine.Pieces).Constrain(request));
        Assert.Equal(SubmitOutcome.Accepted, loop.TrySubmit(sequence));
        while (!sequence.HasEnded)
        {
            Assert.True(loop.Step(), "Nothing is left to do, but the sequence has not ended.");
        }

        List<byte> bytes = [];
        while (sequence.Ring.TryPeek(out var token, out _))
        {
            sequence.Ring.Advance();
            bytes.AddRange(engine.Pieces[token]);
        }

        return (sequence.End.Reason, Encoding.UTF8.GetString([.. bytes]));
    }
}
