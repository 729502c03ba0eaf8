using Ollama.Platform.Inference.Engine;
using Ollama.Platform.Inference.Runner;
using Ollama.Platform.Inference.Sampling;
using Ollama.Platform.Inference.Scheduling;
using Ollama.Platform.Inference.Sequences;

namespace Ollama.Platform.UnitTests.Inference;

/// <summary>The decisions alone: no engine, no loop.</summary>
public sealed class SchedulerTests
{
    private static readonly SchedulerLimits Limits = new()
    {
        SlotCount = 3,
        CellCount = 200,
        ContextTokens = 100,
        BatchTokensMax = 16,
        QueueLengthMax = 8,
        GrowthTokens = 20,
    };

    private readonly Scheduler _scheduler = new(Limits, canCut: true, (_, _) => true);
    private readonly EngineBatch _batch = new(16);
    private long _ticket;

    [Fact]
    public void Sequences_get_slots_in_the_order_they_came()
    {
        for (var count = 0; count < 4; count++)
        {
            Enqueue(promptTokens: 10);
        }

        Assert.Equal([1L, 2L, 3L], AdmitAll());
        Assert.False(_scheduler.TryAdmit(out _));
        _scheduler.Release(_scheduler.Slots[1]);
        Assert.Equal([4L], AdmitAll());
        Assert.Equal(4, _scheduler.Slots[1].Sequence!.Ticket);
    }

    [Fact]
    public void A_sequence_waits_until_there_are_cells_for_it_and_for_the_others_to_grow()
    {
        Enqueue(promptTokens: 90);
        Enqueue(promptTokens: 90);
        // Each may grow to the end of its context: 2 × 100 cells leave none.
        Enqueue(promptTokens: 1);
        Assert.Equal([1L, 2L], AdmitAll());
        _scheduler.Release(_scheduler.Slots[0]);
        Assert.Equal([3L], AdmitAll());
    }

    [Fact]
    public void A_large_sequence_is_not_overtaken_by_a_small_one()
    {
        Enqueue(promptTokens: 90);
        Enqueue(promptTokens: 60);
        Enqueue(promptTokens: 99);
        Enqueue(promptTokens: 1);
        Assert.Equal([1L, 2L], AdmitAll());
    }

    [Fact]
    public void Decoding_comes_before_prompts_and_prompts_fill_the_rest()
    {
        Enqueue(promptTokens: 5);
        Enqueue(promptTokens: 12);
        Enqueue(promptTokens: 12);
        AdmitAll();
        StartDecoding(_scheduler.Slots[0]);
        Assert.Equal(15, _scheduler.Compose(_batch, 16, prefillTokensMax: 15));
        Assert.Equal([0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2], _batch.Sequences.ToArray());
        Assert.Equal([5, 0, 1, 2], _batch.Positions[..4].ToArray());
        // Only the decoding sequence and the prompt that is complete need logits.
        Assert.Equal([0, 12], OutputsOf(_batch));
        Assert.Equal(12, _scheduler.Slots[1].OutputIndex);
        Assert.Equal(-1, _scheduler.Slots[2].OutputIndex);
    }

    [Fact]
    public void Prompts_take_no_more_of_a_batch_than_the_others_can_wait_for()
    {
        Enqueue(promptTokens: 3);
        Enqueue(promptTokens: 12);
        AdmitAll();
        StartDecoding(_scheduler.Slots[0]);
        Assert.Equal(4, _scheduler.Compose(_batch, 16, prefillTokensMax: 4));
        Assert.Equal([0, 1, 1, 1, 1], _batch.Sequences.ToArray());
    }

    [Fact]
    public void A_higher_priority_goes_first_and_those_of_one_priority_in_the_order_they_came()
    {
        var time = new ManualTimeProvider();
        Enqueue(promptTokens: 1, priority: 0, time);
        time.Advance(TimeSpan.FromSeconds(1));
        Enqueue(promptTokens: 1, priority: 5, time);
        Enqueue(promptTokens: 1, priority: 5, time);
        Enqueue(promptTokens: 1, priority: -3, time);
        time.Advance(TimeSpan.FromSeconds(3.5));
        // By now the lowest one has waited longer than its priority makes it wait.
        Enqueue(promptTokens: 1, priority: 0, time);
        Assert.Equal([2L, 3L, 1L], AdmitAll());
        _scheduler.Release(_scheduler.Slots[0]);
        _scheduler.Release(_scheduler.Slots[1]);
        Assert.Equal([4L, 5L], AdmitAll());
    }

    [Fact]
    public void A_prompt_waits_for_the_beginning_that_an_older_one_computes()
    {
        Enqueue(promptTokens: 60, likeAll: true);
        Enqueue(promptTokens: 80, likeAll: true);
        Enqueue(promptTokens: 20);
        AdmitAll();
        Assert.False(_scheduler.TryShare(out _, out _, out _));
        _scheduler.Compose(_batch, 16, prefillTokensMax: 16);
        Assert.DoesNotContain(1, _batch.Sequences.ToArray());
        _scheduler.Slots[0].CellCount = 40;
        Assert.True(_scheduler.TryShare(out var source, out var destination, out var tokenCount));
        Assert.Equal((0, 1, 40), (source.Index, destination.Index, tokenCount));
        destination.CellCount = 40;
        _scheduler.Prefixes.Share(source, destination, 40, _scheduler.Slots);
        Assert.Equal(40, _scheduler.UsedCells);
        Assert.False(_scheduler.TryShare(out _, out _, out _));
        // Who computed the beginning may leave; the other one goes on alone.
        _scheduler.Release(_scheduler.Slots[0]);
        Assert.False(_scheduler.TryShare(out _, out _, out _));
        _scheduler.Compose(_batch, 16, prefillTokensMax: 16);
        Assert.Equal(Enumerable.Repeat(1, 16), _batch.Sequences.ToArray());
        Assert.Equal(40, _batch.Positions[0]);
    }

    [Fact]
    public void What_slots_share_counts_once_until_one_of_them_is_cut()
    {
        Enqueue(promptTokens: 30);
        Enqueue(promptTokens: 30);
        Enqueue(promptTokens: 30);
        AdmitAll();
        var (a, b, c) = (_scheduler.Slots[0], _scheduler.Slots[1], _scheduler.Slots[2]);
        a.CellCount = 30;
        Share(a, b, 20);
        Share(b, c, 25);
        Assert.Equal(20, _scheduler.Prefixes.SharedCells(a, c));
        b.CellCount = 28;
        // 30 of the first, 8 more of the second, of which the third has 5.
        Assert.Equal(38, _scheduler.UsedCells);
        _scheduler.Prefixes.Cut(b, 10, _scheduler.Slots);
        b.CellCount = 10;
        Assert.Equal(35, _scheduler.UsedCells);
        Assert.Equal(20, _scheduler.Prefixes.CountShared(a, _scheduler.Slots));
    }

    [Fact]
    public void Idle_cells_are_taken_before_running_ones()
    {
        Enqueue(promptTokens: 90);
        Enqueue(promptTokens: 90);
        AdmitAll();
        _scheduler.Slots[0].CellCount = 90;
        _scheduler.Slots[1].CellCount = 90;
        StartDecoding(_scheduler.Slots[1]);
        _scheduler.Release(_scheduler.Slots[0]);
        Assert.Null(_scheduler.FindVictim(prefillTokensMax: 15));
        Enqueue(promptTokens: 30);
        AdmitAll();
        // The batch takes 1 + 15 cells and 20 are free: nothing has to go yet.
        Assert.Equal(2, _scheduler.Running.Length);
        Assert.Null(_scheduler.FindVictim(prefillTokensMax: 15));
        _scheduler.Slots[1].CellCount = 110;
        Assert.Same(_scheduler.Slots[0], _scheduler.FindVictim(prefillTokensMax: 15));
    }

    [Fact]
    public void The_youngest_loses_its_cells_and_waits_at_its_old_place()
    {
        Enqueue(promptTokens: 50);
        Enqueue(promptTokens: 50);
        AdmitAll();
        Enqueue(promptTokens: 50);
        foreach (var slot in _scheduler.Running)
        {
            slot.CellCount = 50;
            StartDecoding(slot);
        }

        _scheduler.Slots[0].CellCount = 150;
        Assert.Same(_scheduler.Slots[1], _scheduler.FindVictim(prefillTokensMax: 15));
        _scheduler.Preempt(_scheduler.Slots[1], parked: false);
        Assert.Equal(2, _scheduler.Queue[0].Ticket);
        Assert.Equal(3, _scheduler.Queue[1].Ticket);
    }

    [Fact]
    public void A_sequence_that_runs_alone_has_no_victim()
    {
        Enqueue(promptTokens: 10);
        AdmitAll();
        _scheduler.Slots[0].CellCount = 200;
        StartDecoding(_scheduler.Slots[0]);
        Assert.Null(_scheduler.FindVictim(prefillTokensMax: 15));
        Assert.Same(_scheduler.Slots[0], _scheduler.FindExhausted());
    }

    [Theory]
    [InlineData(39, 40, 4, 4, 17)]
    [InlineData(39, 40, 0, 0, 19)]
    [InlineData(39, 40, 1000, 36, 1)]
    [InlineData(39, 40, -7, 0, 19)]
    [InlineData(3, 4, 8, 0, 1)]
    public void A_shift_drops_half_of_what_is_not_kept(
        int cellCount, int contextTokens, int keepTokens, int start, int count) =>
        Assert.Equal((start, count), ContextShift.Plan(cellCount, contextTokens, keepTokens));

    private static void StartDecoding(Slot slot)
    {
        slot.CellCount = Math.Max(slot.CellCount, slot.Sequence!.TokenCount);
        slot.BeginDecoding();
        slot.Sequence.Accept(0);
    }

    private static int[] OutputsOf(EngineBatch batch) =>
        [.. Enumerable.Range(0, batch.Count).Where(entry => batch.Outputs[entry])];

    private void Share(Slot source, Slot destination, int tokenCount)
    {
        destination.CellCount = tokenCount;
        _scheduler.Prefixes.Share(source, destination, tokenCount, _scheduler.Slots);
    }

    private void Enqueue(
        int promptTokens, int priority = 0, TimeProvider? time = null, bool likeAll = false)
    {
        var request = new SequenceRequest
        {
            Id = ++_ticket,
            PromptTokens = [.. Enumerable.Repeat(likeAll ? 0 : (int)_ticket, promptTokens)],
            Sampling = new SamplingOptions { Temperature = 0 },
            CompletionTokensMax = 50,
            Priority = priority,
        };
        var sequence = new Sequence(request, Limits.ContextTokens, 8, 1) { Ticket = _ticket };
        sequence.Submit(time ?? TimeProvider.System);
        _scheduler.Queue.Enqueue(sequence);
    }

    private List<long> AdmitAll()
    {
        List<long> admitted = [];
        while (_scheduler.TryAdmit(out var admission))
        {
            admission.Match.Slot.CellCount = admission.Match.TokenCount;
            admitted.Add(_scheduler.Admit(admission).Ticket);
        }

        return admitted;
    }
}
