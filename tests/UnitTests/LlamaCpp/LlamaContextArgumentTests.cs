using Ollama.Platform.LlamaCpp;

namespace Ollama.Platform.UnitTests.LlamaCpp;

/// <summary>Every one of these would end the process if it reached native code, or give garbage.</summary>
public sealed class LlamaContextArgumentTests : IDisposable
{
    private readonly LlamaModel _model = NativeModels.LoadChat();
    private readonly LlamaContext _context;

    public LlamaContextArgumentTests() => _context = LlamaContext.Create(
        _model,
        new LlamaContextOptions { CellCount = 512, BatchTokens = 64, SequenceCount = 2, OutputCount = 2 });

    public void Dispose()
    {
        _context.Dispose();
        _model.Dispose();
    }

    [Fact]
    public void An_empty_batch_is_refused() => Refused(new LlamaBatch(1), "empty");

    [Fact]
    public void A_batch_that_is_too_long_is_refused() =>
        Refused(Batch([.. Enumerable.Range(0, 65).Select(position => (1, position, 0, false))]), "64 fit");

    [Theory]
    [InlineData(-1)]
    [InlineData(1536)]
    [InlineData(int.MinValue)]
    public void A_token_outside_the_vocabulary_is_refused(int token) =>
        Refused(Batch((1, 0, 0, false), (token, 1, 0, true)), "Entry 1 has token");

    [Theory]
    [InlineData(-1)]
    [InlineData(2)]
    [InlineData(int.MaxValue)]
    public void An_unknown_sequence_is_refused(int sequence) => Refused(Batch((1, 0, sequence, true)), "has sequence");

    [Theory]
    [InlineData(-1)]
    [InlineData(int.MinValue)]
    [InlineData(int.MaxValue)]
    public void An_impossible_position_is_refused(int position) =>
        Refused(Batch((1, position, 0, true)), "has position");

    [Fact]
    public void A_gap_in_the_positions_of_a_batch_is_refused() =>
        Refused(Batch((1, 0, 0, false), (1, 0, 1, false), (1, 2, 0, true)), "the next one is 1");

    [Fact]
    public void A_position_that_does_not_follow_the_cache_is_refused()
    {
        Assert.Equal(LlamaStepOutcome.Computed, _context.Decode(Batch((1, 0, 0, true))));

        Refused(Batch((1, 0, 0, true)), "the next one is 1");
        Refused(Batch((1, 2, 0, true)), "the next one is 1");
        Assert.Equal(LlamaStepOutcome.Computed, _context.Decode(Batch((1, 1, 0, true))));
    }

    [Fact]
    public void More_outputs_than_the_buffers_hold_are_refused() =>
        Refused(Batch((1, 0, 0, true), (1, 1, 0, true), (1, 2, 0, true)), "3 entries are marked");

    [Fact]
    public void Logits_of_an_entry_that_is_no_output_are_refused()
    {
        Assert.Throws<ArgumentException>(() => _context.ReadLogits(0));
        _context.Decode(Batch((1, 0, 0, false), (1, 1, 0, true)));

        Assert.Equal(1536, _context.ReadLogits(1).Length);
        Assert.Throws<ArgumentException>(() => _context.ReadLogits(0));
        Assert.Throws<ArgumentException>(() => _context.ReadLogits(-1));
        Assert.Throws<ArgumentException>(() => _context.ReadLogits(2));
    }

    [Fact]
    public void Cells_of_an_unknown_sequence_or_a_backward_range_are_refused()
    {
        foreach (var sequence in (int[])[-1, 2, int.MaxValue])
        {
            Assert.Throws<ArgumentOutOfRangeException>(() => _context.RemoveCells(sequence, 0, -1));
            Assert.Throws<ArgumentOutOfRangeException>(() => _context.CopyCells(sequence, 0, 1));
            Assert.Throws<ArgumentOutOfRangeException>(() => _context.CopyCells(0, sequence, 1));
            Assert.Throws<ArgumentOutOfRangeException>(() => _context.ShiftCells(sequence, 0, -1, 1));
            Assert.Throws<ArgumentOutOfRangeException>(() => _context.FindLastPosition(sequence));
            Assert.Throws<ArgumentOutOfRangeException>(() => _context.ReadEmbedding(sequence));
            Assert.Throws<ArgumentOutOfRangeException>(() => _context.SaveSequence(sequence));
            Assert.Throws<ArgumentOutOfRangeException>(() => _context.LoadSequence(sequence, [1]));
        }

        Assert.Throws<ArgumentOutOfRangeException>(() => _context.RemoveCells(0, -1, -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => _context.RemoveCells(0, 2, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => _context.RemoveCells(0, 0, -2));
        Assert.Throws<ArgumentOutOfRangeException>(() => _context.ShiftCells(0, 2, -1, -3));
    }

    [Theory]
    [InlineData(0, 64, 1, 1, 1)]
    [InlineData((1 << 24) + 1, 64, 1, 1, 1)]
    [InlineData(int.MaxValue, 64, 1, 1, 1)]
    [InlineData(512, 0, 1, 1, 1)]
    [InlineData(512, 64, 0, 1, 1)]
    [InlineData(512, 64, 257, 1, 1)]
    [InlineData(512, 64, 1, 0, 1)]
    [InlineData(512, 64, 1, 1, 0)]
    [InlineData(512, 64, 1, 1, 513)]
    public void A_size_out_of_range_is_refused(int cells, int batch, int sequences, int outputs, int threads) =>
        Assert.ThrowsAny<ArgumentException>(() => LlamaContext.Create(
            _model,
            new LlamaContextOptions
            {
                CellCount = cells,
                BatchTokens = batch,
                SequenceCount = sequences,
                OutputCount = outputs,
                ThreadCount = threads,
            }));

    [Fact]
    public void A_batch_smaller_than_the_number_of_sequences_is_enlarged()
    {
        using var context = LlamaContext.Create(
            _model, new LlamaContextOptions { CellCount = 1, BatchTokens = 1, SequenceCount = 256 });

        Assert.Equal(256, context.BatchTokensMax);
        Assert.Equal(LlamaStepOutcome.Computed, context.Decode(Batch((1, 0, 255, true))));
    }

    [Fact]
    public void A_position_beyond_the_learned_table_is_refused()
    {
        using var model = NativeModels.LoadEmbed();
        using var context = LlamaContext.Create(
            model, new LlamaContextOptions { CellCount = 1024, BatchTokens = 1024, Embeddings = true });
        var batch = new LlamaBatch(1024);
        for (var position = 0; position <= 512; position++)
        {
            batch.Add(1, position, 0, true);
        }

        Assert.Contains("512", Assert.Throws<ArgumentException>(() => context.Decode(batch)).Message,
            StringComparison.Ordinal);
    }

    private static LlamaBatch Batch(params (int Token, int Position, int Sequence, bool Output)[] entries)
    {
        var batch = new LlamaBatch(entries.Length);
        foreach (var (token, position, sequence, output) in entries)
        {
            batch.Add(token, position, sequence, output);
        }

        return batch;
    }

    private void Refused(LlamaBatch batch, string reason) =>
        Assert.Contains(
            reason, Assert.Throws<ArgumentException>(() => _context.Decode(batch)).Message, StringComparison.Ordinal);
}
