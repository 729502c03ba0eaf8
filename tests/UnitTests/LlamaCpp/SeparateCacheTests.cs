using Ollama.Platform.LlamaCpp;

namespace Ollama.Platform.UnitTests.LlamaCpp;

/// <summary>A context in which each sequence has a cache of its own.</summary>
public sealed class SeparateCacheTests : IDisposable
{
    private readonly LlamaModel _model = NativeModels.LoadChat();

    public void Dispose() => _model.Dispose();

    [Theory]
    [InlineData(1024, 256)]
    [InlineData(1025, 512)]
    [InlineData(1, 256)]
    public void Every_sequence_has_an_equal_part_of_the_cells(int cells, int each)
    {
        using var context = NativeModels.CreateContext(_model, sequenceCount: 4, cellCount: cells, unified: false);
        Assert.False(context.IsUnified);
        Assert.Equal(each, context.SequenceCellCount);
        Assert.Equal(4 * each, context.CellCount);
    }

    [Fact]
    public void One_sequence_alone_has_the_cache_for_itself()
    {
        using var context = NativeModels.CreateContext(_model, sequenceCount: 1, unified: false);
        Assert.True(context.IsUnified);
        Assert.Equal(context.CellCount, context.SequenceCellCount);
    }

    [Fact]
    public void A_full_cache_is_full_for_nobody_else()
    {
        using var context = NativeModels.CreateContext(_model, sequenceCount: 2, cellCount: 512, unified: false);
        Decode(context, LlamaStepOutcome.Computed, sequence: 0, from: 0, count: 250);
        Decode(context, LlamaStepOutcome.CacheFull, sequence: 0, from: 250, count: 16);
        Decode(context, LlamaStepOutcome.Computed, sequence: 1, from: 0, count: 16);
        Assert.Equal(249, context.FindLastPosition(0));
    }

    [Fact]
    public void Only_the_first_cells_are_copied()
    {
        using var context = NativeModels.CreateContext(_model, unified: false);
        Decode(context, LlamaStepOutcome.Computed, sequence: 1, from: 0, count: 20);
        context.CopyCells(1, 3, 12);
        Assert.Equal(11, context.FindLastPosition(3));
        Assert.Equal(19, context.FindLastPosition(1));
        Decode(context, LlamaStepOutcome.Computed, sequence: 3, from: 12, count: 4);
        context.CopyCells(1, 0, 20);
        Assert.Equal(19, context.FindLastPosition(0));
    }

    [Fact]
    public void What_is_still_to_be_copied_is_neither_saved_nor_written_over()
    {
        using var context = NativeModels.CreateContext(_model, unified: false);
        var prompt = _model.Vocabulary.Tokenize(NativeModels.Question, true, true);
        var expected = Greedy.Complete(context, prompt, sequence: 2, 8);
        context.ClearCells();
        Decode(context, LlamaStepOutcome.Computed, sequence: 1, from: 0, count: 20);
        using var other = context.SaveSequence(1)!;
        Greedy.Complete(context, prompt[..^1], sequence: 0, 1);

        context.CopyCells(0, 2, prompt.Length - 1);
        Assert.Null(context.SaveSequence(2));
        // Its cells are still what they were.
        context.SaveSequence(0)!.Dispose();
        Assert.True(context.RemoveCells(0, 0, -1));
        Assert.False(context.LoadSequence(0, other.Memory.Span));
        Assert.True(context.RemoveCells(1, 0, -1));
        Assert.True(context.LoadSequence(1, other.Memory.Span));

        Assert.Equal(expected, Greedy.Complete(context, prompt[^1..], sequence: 2, 8));
        Assert.True(context.LoadSequence(0, other.Memory.Span));
        Assert.Equal(19, context.FindLastPosition(0));
        context.SaveSequence(2)!.Dispose();
    }

    private static void Decode(LlamaContext context, LlamaStepOutcome expected, int sequence, int from, int count)
    {
        var batch = new LlamaBatch(count);
        for (var position = from; position < from + count; position++)
        {
            batch.Add(65, position, sequence, position == from + count - 1);
        }

        Assert.Equal(expected, context.Decode(batch));
    }
}
