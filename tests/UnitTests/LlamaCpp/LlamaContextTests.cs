using Ollama.Platform.LlamaCpp;

namespace Ollama.Platform.UnitTests.LlamaCpp;

public sealed class LlamaContextTests : IDisposable
{
    private const string Other = "<|im_start|>user\nWhat is the opposite of hot?<|im_end|>\n<|im_start|>assistant\n";

    private readonly LlamaModel _model = NativeModels.LoadChat();

    public void Dispose() => _model.Dispose();

    [Fact]
    public void A_question_is_answered()
    {
        using var context = NativeModels.CreateContext(_model);

        Assert.Equal(NativeModels.Answer, Greedy.Answer(context, _model, NativeModels.Question, sequence: 0));
    }

    [Fact]
    public void Threads_of_a_pool_compute_what_one_thread_does()
    {
        using var one = NativeModels.CreateContext(_model);
        using var two = LlamaContext.Create(_model, new LlamaContextOptions { CellCount = 256, ThreadCount = 2 });

        // Few steps: the threads wait for each other by spinning, which takes long on a machine that is busy.
        Assert.Equal(Greedy.Complete(one, [65, 66, 67], 0, 3), Greedy.Complete(two, [65, 66, 67], 0, 3));
        two.SetThreadCount(1);
        Assert.Equal(Greedy.Complete(one, [68], 0, 2), Greedy.Complete(two, [68], 0, 2));
    }

    [Fact]
    public void Sizes_are_those_that_the_library_made_of_the_wish()
    {
        using var context = LlamaContext.Create(
            _model, new LlamaContextOptions
            {
                CellCount = 300,
                BatchTokens = 9999,
                SequenceCount = 3,
                OutputCount = 1
            });

        Assert.Equal(512, context.CellCount);
        Assert.Equal(512, context.BatchTokensMax);
        Assert.Equal(3, context.SequenceCountMax);
        Assert.Equal(3, context.OutputCountMax);
        Assert.True(context.CanShift);
        Assert.True(context.Memory.TotalBytes > 0);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Sequences_that_share_batches_get_the_tokens_of_solo_runs(bool unified)
    {
        using var context = NativeModels.CreateContext(_model, unified: unified);
        int[][] prompts = [Tokens(NativeModels.Question), Tokens(Other), Tokens("The capital of Spain is")];
        var solo = prompts.Select((prompt, sequence) => Greedy.Complete(context, prompt, sequence, 12)).ToList();
        context.ClearCells();

        var together = prompts.Select(_ => new List<int>()).ToList();
        var batch = new LlamaBatch(context.BatchTokensMax);
        for (var step = 0; step < 14; step++)
        {
            batch.Clear();
            var entries = new int[prompts.Length];
            // The third prompt joins while the others are decoding.
            for (var sequence = 0; sequence < prompts.Length; sequence++)
            {
                entries[sequence] = -1;
                if (sequence < 2 || step >= 2)
                {
                    entries[sequence] = AddNext(batch, context, prompts[sequence], together[sequence], sequence);
                }
            }

            Assert.Equal(LlamaStepOutcome.Computed, context.Decode(batch));
            for (var sequence = 0; sequence < prompts.Length; sequence++)
            {
                if (entries[sequence] >= 0)
                {
                    together[sequence].Add(Greedy.Highest(context.ReadLogits(entries[sequence])));
                }
            }
        }

        Assert.All(Enumerable.Range(0, 3), index => Assert.Equal(solo[index], together[index][..12]));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Copied_cells_continue_like_the_original(bool unified)
    {
        using var context = NativeModels.CreateContext(_model, unified: unified);
        var prompt = Tokens(NativeModels.Question);
        var expected = Greedy.Complete(context, prompt, sequence: 0, 8);
        context.ClearCells();

        Prefill(context, prompt[..^1], sequence: 0);
        context.CopyCells(0, 3, prompt.Length - 1);
        Assert.True(context.RemoveCells(0, 0, -1));

        Assert.Equal(-1, context.FindLastPosition(0));
        Assert.Equal(expected, Greedy.Complete(context, prompt[^1..], sequence: 3, 8));
    }

    [Fact]
    public void Removed_cells_can_be_written_again()
    {
        using var context = NativeModels.CreateContext(_model);
        var prompt = Tokens(NativeModels.Question);
        var expected = Greedy.Complete(context, prompt, sequence: 1, 8);

        Assert.True(context.RemoveCells(1, prompt.Length - 3, -1));

        Assert.Equal(prompt.Length - 4, context.FindLastPosition(1));
        Assert.Equal(expected, Greedy.Complete(context, prompt[^3..], sequence: 1, 8));
    }

    [Fact]
    public void Shifted_cells_close_a_gap()
    {
        using var context = NativeModels.CreateContext(_model);
        var prompt = Tokens(NativeModels.Question);
        Prefill(context, prompt, sequence: 0);

        Assert.True(context.RemoveCells(0, 2, 5));
        context.ShiftCells(0, 5, -1, -3);

        Assert.Equal(prompt.Length - 4, context.FindLastPosition(0));
        Assert.Equal(3, Greedy.Complete(context, prompt[^1..], sequence: 0, 3).Count);
    }

    [Fact]
    public void A_saved_sequence_goes_on_in_another_context()
    {
        using var context = NativeModels.CreateContext(_model);
        using var other = NativeModels.CreateContext(_model);
        var prompt = Tokens(NativeModels.Question);
        Prefill(context, prompt[..^1], sequence: 0);

        using var saved = context.SaveSequence(0)!;
        var state = saved.Memory.ToArray();

        Assert.True(other.LoadSequence(2, state));
        Assert.Equal(
            Greedy.Complete(context, prompt[^1..], 0, 8),
            Greedy.Complete(other, prompt[^1..], 2, 8));
        Assert.False(other.LoadSequence(1, []));
        Assert.False(other.LoadSequence(1, state.AsSpan(0, state.Length / 2)));
    }

    [Fact]
    public void A_full_cache_computes_nothing_and_serves_again_once_there_is_room()
    {
        using var context = NativeModels.CreateContext(_model, sequenceCount: 2, cellCount: 256);
        Prefill(context, [.. Enumerable.Repeat(65, 250)], sequence: 0);
        var batch = new LlamaBatch(16);
        for (var position = 0; position < 16; position++)
        {
            batch.Add(65, position, 1, position == 15);
        }

        Assert.Equal(LlamaStepOutcome.CacheFull, context.Decode(batch));
        Assert.Equal(-1, context.FindLastPosition(1));
        Assert.Equal(249, context.FindLastPosition(0));
        context.RemoveCells(0, 0, -1);
        Assert.Equal(LlamaStepOutcome.Computed, context.Decode(batch));
    }

    [Fact]
    public void An_abort_ends_one_step_and_no_more()
    {
        using var context = NativeModels.CreateContext(_model);
        var batch = new LlamaBatch(8);
        batch.Add(65, 0, 0, true);

        context.Abort();

        Assert.Equal(LlamaStepOutcome.Aborted, context.Decode(batch));
        Assert.Throws<ArgumentException>(() => context.ReadLogits(0));
        context.RemoveCells(0, 0, -1);
        Assert.Equal(LlamaStepOutcome.Computed, context.Decode(batch));
    }

    [Fact]
    public void Decoding_allocates_nothing()
    {
        using var context = NativeModels.CreateContext(_model);
        var batch = new LlamaBatch(8);
        Step(context, batch, 0, 8);

        var before = GC.GetAllocatedBytesForCurrentThread();
        Step(context, batch, 8, 64);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void An_embedding_is_pooled_over_its_sequence()
    {
        using var model = NativeModels.LoadEmbed();
        using var context = LlamaContext.Create(
            model, new LlamaContextOptions
            {
                CellCount = 512,
                BatchTokens = 512,
                SequenceCount = 4,
                Embeddings = true
            });
        var batch = new LlamaBatch(512);
        int[] hello = model.Vocabulary.Tokenize("hello world", true, false);
        for (var sequence = 0; sequence < 2; sequence++)
        {
            for (var position = 0; position < hello.Length; position++)
            {
                batch.Add(hello[position], position, sequence, true);
            }
        }

        Assert.Equal(LlamaPooling.Mean, context.Pooling);
        Assert.False(context.HasCache);
        Assert.Equal(LlamaStepOutcome.Computed, context.Decode(batch));
        Assert.Equal(128, context.ReadEmbedding(0).Length);
        Assert.Equal(context.ReadEmbedding(0).ToArray(), context.ReadEmbedding(1).ToArray(),
            (a, b) => MathF.Abs(a - b) < 1e-4f);
        Assert.True(context.ReadEmbedding(3).IsEmpty);
        Assert.Equal(-1, context.FindLastPosition(0));
    }

    [Fact]
    public void Nothing_is_computed_after_disposal()
    {
        var context = NativeModels.CreateContext(_model);
        var batch = new LlamaBatch(1);
        batch.Add(1, 0, 0, true);
        context.Dispose();
        context.Dispose();
        context.Abort();

        Assert.Throws<ObjectDisposedException>(() => context.Decode(batch));
        Assert.Throws<ObjectDisposedException>(() => context.ReadLogits(0));
        Assert.Throws<ObjectDisposedException>(() => context.RemoveCells(0, 0, -1));
        Assert.Throws<ObjectDisposedException>(context.ClearCells);
        Assert.Throws<ObjectDisposedException>(() => context.SaveSequence(0));
    }

    private static void Step(LlamaContext context, LlamaBatch batch, int start, int count)
    {
        for (var position = start; position < start + count; position++)
        {
            batch.Clear();
            batch.Add(65, position, 0, true);
            if (context.Decode(batch) != LlamaStepOutcome.Computed || context.ReadLogits(0).IsEmpty)
            {
                throw new InvalidOperationException();
            }
        }
    }

    private static void Prefill(LlamaContext context, int[] tokens, int sequence)
    {
        var batch = new LlamaBatch(tokens.Length);
        for (var position = 0; position < tokens.Length; position++)
        {
            batch.Add(tokens[position], position, sequence, false);
        }

        Assert.Equal(LlamaStepOutcome.Computed, context.Decode(batch));
    }

    private static int AddNext(LlamaBatch batch, LlamaContext context, int[] prompt, List<int> made, int sequence)
    {
        if (made.Count > 0)
        {
            return batch.Add(made[^1], context.FindLastPosition(sequence) + 1, sequence, true);
        }

        for (var position = 0; position < prompt.Length - 1; position++)
        {
            batch.Add(prompt[position], position, sequence, false);
        }

        return batch.Add(prompt[^1], prompt.Length - 1, sequence, true);
    }

    private int[] Tokens(string text) => _model.Vocabulary.Tokenize(text, true, true);
}
