using Ollama.Platform.Inference.Engine;
using Ollama.Platform.LlamaCpp;
using Ollama.Platform.UnitTests.LlamaCpp;

namespace Ollama.Platform.UnitTests.Engine;

/// <summary>Batches of the engine whose sequences have a cache each, in any order and with gaps.</summary>
public sealed class OrderedBatchTests : IDisposable
{
    private const int SlotCount = 16;

    private readonly IEngine _engine = LlamaEngines.LoadChat(specification => specification with
    {
        SlotCount = SlotCount,
        ContextTokens = 256,
        CacheUnified = false,
        ThreadCount = 1,
    });

    private readonly EngineBatch _batch = new(256);

    public void Dispose() => _engine.Dispose();

    [Theory]
    [InlineData(0, 1, 2, 3)]
    [InlineData(3, 1, 0, 2)]
    [InlineData(15, 0)]
    [InlineData(0, 2, 4, 6, 8, 10, 12, 14)]
    [InlineData(14, 12, 10, 8, 6, 4, 2, 0)]
    [InlineData(15, 1, 3, 5, 7, 2, 9, 11)]
    public void Every_sequence_has_the_answer_that_it_has_alone(params int[] sequences)
    {
        var questions = sequences.Select(sequence => NativeModels.Question.Replace(
            "France", sequence % 2 == 0 ? "France" : "Spain", StringComparison.Ordinal)).ToList();
        var alone = questions.ConvertAll(question =>
        {
            var answer = Together([0], [question])[0];
            _engine.ClearCells();
            return answer;
        });
        // An idle sequence in the gaps stays what it is.
        var idle = Enumerable.Range(0, SlotCount).First(sequence => !sequences.Contains(sequence));
        var before = Bytes(idle, NativeModels.Question);

        Assert.Equal(alone, Together(sequences, questions));

        using var after = _engine.SaveCells(idle)!;
        Assert.Equal(before, after.Memory.ToArray());
        foreach (var sequence in Enumerable.Range(0, SlotCount).Except([.. sequences, idle]))
        {
            Assert.Equal(0, _engine.CountCellBytes(sequence));
        }
    }

    [Fact]
    public void A_sequence_without_room_is_no_filler()
    {
        const int full = 1;
        Prefill(full, [.. Enumerable.Repeat(65, 256)]);
        int[] around = [0, 2, 3, 4, 5, 6, 7, 8];
        _batch.Clear();
        foreach (var sequence in around)
        {
            _batch.Add(70, 0, sequence, output: true);
        }

        Assert.Equal(StepOutcome.Decoded, _engine.Decode(_batch));
        _batch.Clear();
        _batch.Add(65, 256, full, output: true);
        Assert.Equal(StepOutcome.KvCacheFull, _engine.Decode(_batch));
    }

    [Theory]
    [InlineData(true, 15)]
    [InlineData(false, 8)]
    public void Each_gap_gets_a_token_that_goes_again_where_the_state_can_be_cut(bool canFill, int count)
    {
        using var model = NativeModels.LoadChat();
        using var context = NativeModels.CreateContext(model, SlotCount, SlotCount * 256, unified: false);
        var order = new OrderedBatch(context, canFill, onGpu: false);
        var native = new LlamaBatch(context.BatchTokensMax);
        for (var sequence = SlotCount - 2; sequence >= 0; sequence -= 2)
        {
            _batch.Add(65, 0, sequence, output: true);
        }

        order.Fill(_batch, native);

        Assert.Equal(count, native.Count);
        Assert.Equal(0, order.PlaceOf(7));
        Assert.Equal(LlamaStepOutcome.Computed, context.Decode(native));
        order.RemoveFillers();
        Assert.All(
            Enumerable.Range(0, SlotCount),
            sequence => Assert.Equal(sequence % 2 == 0 ? 0 : -1, context.FindLastPosition(sequence)));
    }

    [Fact]
    public void A_step_allocates_nothing()
    {
        Step(0, 8);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Step(8, 40);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private void Step(int from, int count)
    {
        for (var position = from; position < from + count; position++)
        {
            _batch.Clear();
            for (var sequence = 0; sequence < SlotCount; sequence += 2)
            {
                _batch.Add(65, position, sequence, output: true);
            }

            if (_engine.Decode(_batch) != StepOutcome.Decoded || _engine.Logits(3).IsEmpty)
            {
                throw new InvalidOperationException();
            }
        }
    }

    private byte[] Bytes(int sequence, string prompt)
    {
        Prefill(sequence, _engine.Tokenize(prompt, specialAdded: true, specialParsed: true));
        using var state = _engine.SaveCells(sequence)!;
        return state.Memory.ToArray();
    }

    private void Prefill(int sequence, int[] tokens)
    {
        _batch.Clear();
        for (var position = 0; position < tokens.Length; position++)
        {
            _batch.Add(tokens[position], position, sequence, output: false);
        }

        Assert.Equal(StepOutcome.Decoded, _engine.Decode(_batch));
    }

    // Prompts and next tokens in one batch, in the order given; the later ones join step by step.
    private List<string> Together(int[] sequences, List<string> prompts)
    {
        const int tokensMax = 12;
        var made = sequences.Select(_ => new List<int>()).ToList();
        var fed = prompts.ConvertAll(prompt => _engine.Tokenize(prompt, true, true));
        var entries = new int[sequences.Length];
        for (var step = 0; made.Exists(tokens => tokens.Count < tokensMax); step++)
        {
            _batch.Clear();
            for (var index = 0; index < sequences.Length && index <= step; index++)
            {
                var from = made[index].Count == 0 ? 0 : fed[index].Length + made[index].Count - 1;
                var tokens = made[index].Count == 0 ? fed[index] : [made[index][^1]];
                for (var offset = 0; offset < tokens.Length; offset++)
                {
                    entries[index] = _batch.Add(
                        tokens[offset], from + offset, sequences[index], offset == tokens.Length - 1);
                }
            }

            Assert.Equal(StepOutcome.Decoded, _engine.Decode(_batch));
            for (var index = 0; index < sequences.Length && index <= step; index++)
            {
                made[index].Add(LlamaEngines.FindHighest(_engine.Logits(entries[index])));
            }
        }

        return made.ConvertAll(tokens => _engine.Detokenize([.. tokens.Take(tokensMax)]));
    }
}
