using Ollama.Platform.Contracts.Cluster;
using Ollama.Platform.Inference.Engine;
using Ollama.Platform.UnitTests.LlamaCpp;

namespace Ollama.Platform.UnitTests.Engine;

public sealed class LlamaEngineTests
{
    [Fact]
    public void A_chat_prompt_is_answered_as_the_model_was_taught()
    {
        using var engine = LlamaEngines.LoadChat();

        Assert.Equal(NativeModels.Answer, LlamaEngines.Complete(engine, NativeModels.Question, sequence: 2));
    }

    [Fact]
    public void The_description_has_the_sizes_that_the_library_made()
    {
        using var engine = LlamaEngines.LoadChat(slotCount: 3, contextTokens: 300);

        var description = engine.Description;
        // 900 cells, rounded up to a multiple of 256.
        Assert.Equal(1024, description.CellCount);
        Assert.Equal(3, description.SequenceCountMax);
        Assert.Equal(512, description.BatchTokensMax);
        Assert.Equal(1536, description.VocabularySize);
        Assert.Equal(256, description.EmbeddingLength);
        Assert.Equal(2048, description.ContextTokensTrained);
        Assert.True(description is { CanShift: true, CanCut: true, AddsBosToken: false, AddsEosToken: false });
        // Weights of 5.3 MiB, 2 KiB for each cell, and buffers.
        Assert.InRange(description.TotalBytes, 5_500_000 + (1024 * 2048), 40_000_000);
        Assert.Equal(0, description.VramBytes);
    }

    [Theory]
    [InlineData(KeyValueType.F32, null)]
    [InlineData(KeyValueType.F16, false)]
    [InlineData(KeyValueType.BF16, null)]
    [InlineData(KeyValueType.Q8_0, null)]
    [InlineData(KeyValueType.Q8_0, true)]
    public void An_answer_does_not_depend_on_how_keys_and_values_are_kept(KeyValueType type, bool? flashAttention)
    {
        using var engine = LlamaEngines.LoadChat(specification => specification with
        {
            KeyValueType = type,
            FlashAttention = flashAttention,
        });

        Assert.Equal(NativeModels.Answer, LlamaEngines.Complete(engine, NativeModels.Question, sequence: 0));
    }

    [Fact]
    public void Fewer_bits_for_keys_and_values_take_less_memory()
    {
        long[] sizes =
        [
            .. ((KeyValueType[])[KeyValueType.F32, KeyValueType.F16, KeyValueType.Q8_0, KeyValueType.Q4_0])
                .Select(type =>
                {
                    using var engine = LlamaEngines.LoadChat(
                        specification => specification with { ContextTokens = 8192, KeyValueType = type });
                    return engine.Description.TotalBytes;
                }),
        ];
        Assert.Equal(sizes.OrderDescending(), sizes);
        // 32768 cells of 2 KiB at 16 bits.
        Assert.InRange(sizes[1] - sizes[2], 25_000_000, 34_000_000);
    }

    [Fact]
    public void Values_in_blocks_without_flash_attention_are_a_failed_load_and_not_the_end_of_the_process()
    {
        Assert.Throws<EngineLoadException>(() => LlamaEngines.LoadChat(specification => specification with
        {
            KeyValueType = KeyValueType.Q8_0,
            FlashAttention = false,
        }));
        Assert.Throws<EngineLoadException>(() => LlamaEngines.LoadChat(
            specification => specification with { RopeFrequencyBase = float.NaN }));
    }

    [Fact]
    public void Other_frequencies_of_positions_give_another_answer()
    {
        using var engine = LlamaEngines.LoadChat(specification => specification with { RopeFrequencyBase = 3 });
        using var scaled = LlamaEngines.LoadChat(specification => specification with { RopeFrequencyScale = 0.01f });

        Assert.NotEqual(NativeModels.Answer, LlamaEngines.Complete(engine, NativeModels.Question, sequence: 0));
        Assert.NotEqual(NativeModels.Answer, LlamaEngines.Complete(scaled, NativeModels.Question, sequence: 0));
    }

    [Fact]
    public void Pieces_are_the_bytes_of_the_tokens()
    {
        using var engine = LlamaEngines.LoadChat();
        const string text = "Grüße, 東京 <|im_end|>";

        var tokens = engine.Tokenize(text, specialAdded: false, specialParsed: true);

        Assert.Equal(text, engine.Detokenize(tokens));
        Assert.Equal(text,
            System.Text.Encoding.UTF8.GetString([.. tokens.SelectMany(token => engine.Pieces[token].ToArray())]));
        Assert.True(engine.Pieces.IsEnd(tokens[^1]));
        Assert.Equal(engine.Description.VocabularySize, engine.Pieces.Count);
    }

    [Fact]
    public void A_step_allocates_nothing()
    {
        // A number of threads that nobody gave follows the load of the machine; its first change binds a call.
        using var engine = LlamaEngines.LoadChat(specification => specification with { ThreadCount = 1 });
        var batch = new EngineBatch(4);
        Decode(engine, batch, 0, 8);

        var before = GC.GetAllocatedBytesForCurrentThread();
        Decode(engine, batch, 8, 100);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Cells_are_copied_cut_and_shifted()
    {
        using var engine = LlamaEngines.LoadChat();
        var batch = new EngineBatch(16);
        Decode(engine, batch, 0, 10);

        engine.CopyCells(0, 1, 8);
        Assert.True(engine.RemoveCells(1, 2, 5));
        engine.ShiftCells(1, 5, -1, -3);

        batch.Clear();
        batch.Add(65, 5, 1, true);
        Assert.Equal(StepOutcome.Decoded, engine.Decode(batch));
        engine.ClearCells();
        batch.Clear();
        batch.Add(65, 0, 0, true);
        Assert.Equal(StepOutcome.Decoded, engine.Decode(batch));
    }

    [Fact]
    public void Cells_that_were_saved_are_as_before()
    {
        using var engine = LlamaEngines.LoadChat();
        var batch = new EngineBatch(16);
        Decode(engine, batch, 0, 9);
        batch.Clear();
        batch.Add(66, 9, 0, true);
        Assert.Equal(0, engine.CountCellBytes(2));
        var bytes = engine.CountCellBytes(0);
        using var saved = engine.SaveCells(0)!;
        var state = saved.Memory.ToArray();
        Assert.Equal(bytes, state.Length);
        Assert.Equal(StepOutcome.Decoded, engine.Decode(batch));
        var expected = engine.Logits(0).ToArray();
        engine.ClearCells();
        batch.Clear();
        batch.Add(66, 9, 2, true);

        Assert.True(engine.LoadCells(2, state));
        Assert.Equal(StepOutcome.Decoded, engine.Decode(batch));
        Assert.Equal(expected, engine.Logits(0).ToArray());
        Assert.False(engine.LoadCells(1, state.AsSpan(0, state.Length / 2)));
        Assert.Equal(0, engine.CountCellBytes(1));
    }

    [Fact]
    public void A_sequence_may_have_several_outputs_in_one_batch()
    {
        using var engine = LlamaEngines.LoadChat();
        var batch = new EngineBatch(8);
        for (var position = 0; position < 8; position++)
        {
            batch.Add(65 + position, position, 0, true);
        }

        Assert.Equal(StepOutcome.Decoded, engine.Decode(batch));
        var together = Enumerable.Range(0, 8)
            .Select(entry => LlamaEngines.FindHighest(engine.Logits(entry)))
            .ToArray();
        engine.ClearCells();
        for (var position = 0; position < 8; position++)
        {
            batch.Clear();
            batch.Add(65 + position, position, 0, true);
            Assert.Equal(StepOutcome.Decoded, engine.Decode(batch));
            Assert.Equal(together[position], LlamaEngines.FindHighest(engine.Logits(0)));
        }
    }

    [Fact]
    public void A_full_cache_is_an_outcome()
    {
        using var engine = LlamaEngines.LoadChat(slotCount: 2, contextTokens: 128);
        var batch = new EngineBatch(300);
        Fill(batch, sequence: 0, count: 250);
        Assert.Equal(StepOutcome.Decoded, engine.Decode(batch));
        batch.Clear();
        Fill(batch, sequence: 1, count: 10);

        Assert.Equal(StepOutcome.KvCacheFull, engine.Decode(batch));
    }

    [Fact]
    public void An_abort_from_another_thread_ends_the_step()
    {
        using var engine = LlamaEngines.LoadChat();
        var batch = new EngineBatch(4);
        batch.Add(65, 0, 0, true);
        var other = new Thread(engine.Abort);
        other.Start();
        other.Join();

        Assert.Equal(StepOutcome.Aborted, engine.Decode(batch));
        engine.ClearCells();
        Assert.Equal(StepOutcome.Decoded, engine.Decode(batch));
    }

    [Fact]
    public void Wrong_arguments_are_refused_before_native_code()
    {
        using var engine = LlamaEngines.LoadChat();
        var tooLong = new EngineBatch(600);
        Fill(tooLong, sequence: 0, count: 600);
        var unknown = new EngineBatch(1);
        unknown.Add(-5, 0, 0, true);

        Assert.Throws<ArgumentException>(() => engine.Decode(tooLong));
        Assert.Throws<ArgumentException>(() => engine.Decode(unknown));
        Assert.Throws<ArgumentException>(() => engine.Decode(new EngineBatch(1)));
        Assert.Throws<ArgumentException>(() => engine.Logits(0).Length);
        Assert.Throws<InvalidOperationException>(() => engine.Embed(unknown));
        Assert.Throws<ArgumentOutOfRangeException>(() => engine.RemoveCells(99, 0, -1));
    }

    [Fact]
    public void Nothing_works_after_disposal_and_disposing_twice_is_harmless()
    {
        var engine = LlamaEngines.LoadChat();
        engine.Dispose();
        engine.Dispose();
        engine.Abort();
        var batch = new EngineBatch(1);
        batch.Add(65, 0, 0, true);

        Assert.Throws<ObjectDisposedException>(() => engine.Decode(batch));
        Assert.Throws<ObjectDisposedException>(() => engine.Tokenize("a", false, false));
    }

    private static void Fill(EngineBatch batch, int sequence, int count)
    {
        for (var position = 0; position < count; position++)
        {
            batch.Add(65, position, sequence, position == count - 1);
        }
    }

    private static void Decode(IEngine engine, EngineBatch batch, int start, int count)
    {
        for (var position = start; position < start + count; position++)
        {
            batch.Clear();
            batch.Add(65, position, 0, true);
            if (engine.Decode(batch) != StepOutcome.Decoded || engine.Logits(0).IsEmpty)
            {
                throw new InvalidOperationException();
            }
        }
    }
}
