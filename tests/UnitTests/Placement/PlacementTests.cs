using Microsoft.Extensions.Logging.Abstractions;
using Ollama.Platform.Contracts.Cluster;
using Ollama.Platform.Contracts.Library;
using Ollama.Platform.Inference.Engine;
using Ollama.Platform.Silo.Models;
using Ollama.Platform.Silo.Placement;
using Ollama.Platform.UnitTests.Silo;

namespace Ollama.Platform.UnitTests.Placement;

/// <summary>The pure decisions about memory, and the reservation of it.</summary>
public sealed class PlacementTests
{
    private const long Gibibyte = 1L << 30;
    private static readonly DateTimeOffset Now = new(2026, 11, 21, 10, 0, 0, TimeSpan.Zero);

    [Fact]
    public void An_eight_billion_model_at_4096_tokens_takes_half_a_gibibyte_of_kv_cache_a_sequence()
    {
        // 32 layers, 8 key/value heads of 128 components, f16: 128 KiB a token.
        var model = ScriptedLibrary.Describe("m");
        var plan = Plan("m") with
        {
            ContextTokens = 4096,
            Model = model with
            {
                WeightsDescription = model.WeightsDescription with
                {
                    FileBytes = 5 * Gibibyte,
                    KeyValueHeadCount = 256,
                    KeyLength = 128,
                    ValueLength = 128,
                },
            },
        };
        var estimate = MemoryEstimate.Of(plan);
        Assert.Equal(Gibibyte / 2, estimate.KeyValueBytes);
        Assert.Equal(5 * Gibibyte, estimate.WeightsBytes);
        Assert.True(estimate.TotalBytes(2) > estimate.TotalBytes(1));
    }

    [Fact]
    public void A_draft_model_is_estimated_with_the_model()
    {
        var plan = Plan("m") with { KeyValueType = KeyValueType.Q8_0 };
        var alone = MemoryEstimate.Of(plan);
        var draft = plan.Model.WeightsDescription with { FileBytes = 500, VocabularySize = 0, EmbeddingLength = 0 };
        var both = MemoryEstimate.Of(plan with { Draft = new DraftDescription(Weights("d"), draft) });
        Assert.Equal(alone.WeightsBytes + 500, both.WeightsBytes);
        // Whatever the model's are, its keys and values have 16 bits.
        Assert.Equal(alone.KeyValueBytes + 2048, both.KeyValueBytes);
        Assert.Equal(alone.ComputeBytes, both.ComputeBytes);
        var lessons = new MemoryLessons();
        lessons.Learn(plan, plan.ContextTokens, totalBytes: 123_456);
        Assert.Equal(both, lessons.Estimate(plan with { Draft = new DraftDescription(Weights("d"), draft) }));
    }

    [Theory]
    [InlineData(KeyValueType.F32, 4096)]
    [InlineData(KeyValueType.F16, 2048)]
    [InlineData(KeyValueType.BF16, 2048)]
    [InlineData(KeyValueType.Q8_0, 1088)]
    [InlineData(KeyValueType.Q5_1, 768)]
    [InlineData(KeyValueType.Q5_0, 704)]
    [InlineData(KeyValueType.Q4_1, 640)]
    [InlineData(KeyValueType.Q4_0, 576)]
    [InlineData(KeyValueType.IQ4_NL, 576)]
    public void Fewer_bits_for_keys_and_values_take_less_memory(KeyValueType type, long bytes)
    {
        // 64 tokens of 2 heads with 4 + 4 numbers: 1024.
        Assert.Equal(bytes, MemoryEstimate.Of(Plan("m") with { KeyValueType = type }).KeyValueBytes);
    }

    [Theory]
    [InlineData(0, 4096)]
    [InlineData(22, 4096)]
    [InlineData(24, 32_768)]
    [InlineData(80, 262_144)]
    public void The_default_context_length_follows_the_memory_of_the_gpus(long gibibytes, int expected)
    {
        var budget = new MemoryBudget(0, gibibytes * Gibibyte, gibibytes > 0 ? 1 : 0);
        Assert.Equal(expected, ContextDefault.Choose(0, budget));
        Assert.Equal(777, ContextDefault.Choose(777, budget));
    }

    [Theory]
    [InlineData(0, 4, 1)]
    [InlineData(104, 12, 3)]
    [InlineData(1000, 16, 4)]
    public void Automatic_slots_share_contexts_in_half_of_what_the_weights_leave(
        long usable, int slots, int contexts) =>
        Assert.Equal(
            new SlotPlan(slots, contexts, CacheUnified: true),
            SlotCountPolicy.Choose(0, null, embedding: false, new MemoryEstimate(40, 10, 10), Usable(usable)));

    [Theory]
    [InlineData(0, 1)]
    [InlineData(104, 3)]
    [InlineData(1000, 16)]
    public void Slots_with_a_cache_each_are_as_many_as_contexts_fit(long usable, int slots) =>
        Assert.Equal(
            new SlotPlan(slots, slots, CacheUnified: false),
            SlotCountPolicy.Choose(0, false, embedding: false, new MemoryEstimate(40, 10, 10), Usable(usable)));

    [Fact]
    public void On_a_gpu_every_slot_has_a_cache_of_its_own_where_all_contexts_fit()
    {
        var estimate = new MemoryEstimate(40, 10, 10);
        Assert.Equal(
            new SlotPlan(16, 16, CacheUnified: false), SlotCountPolicy.Choose(0, null, false, estimate, Gpu(400)));
        Assert.Equal(
            new SlotPlan(16, 4, CacheUnified: true), SlotCountPolicy.Choose(0, null, false, estimate, Gpu(340)));
        Assert.Equal(
            new SlotPlan(16, 4, CacheUnified: true), SlotCountPolicy.Choose(0, true, false, estimate, Gpu(400)));
        Assert.Equal(new SlotPlan(8, 8, CacheUnified: false), SlotCountPolicy.Choose(8, null, false, estimate, Gpu(1)));
        Assert.Equal(new SlotPlan(8, 8, CacheUnified: true), SlotCountPolicy.Choose(8, true, false, estimate, Gpu(1)));
    }

    [Fact]
    public void Configured_slots_have_a_whole_context_each_and_embeddings_have_one()
    {
        var estimate = new MemoryEstimate(40, 10, 10);
        Assert.Equal(
            new SlotPlan(7, 7, CacheUnified: true), SlotCountPolicy.Choose(7, null, false, estimate, Usable(0)));
        Assert.Equal(
            new SlotPlan(1, 1, CacheUnified: true), SlotCountPolicy.Choose(7, false, true, estimate, Usable(1000)));
        Assert.Equal(
            new SlotPlan(16, 4, CacheUnified: true),
            SlotCountPolicy.Choose(0, null, false, new MemoryEstimate(1, 0, 1), Usable(0)));
    }

    [Theory]
    [InlineData(0, 24, 0)]
    [InlineData(100, 24, 100)]
    [InlineData(-1, 16, 1024)]
    [InlineData(-1, 512, 2048)]
    public void Prompts_without_a_slot_get_a_share_of_the_RAM(int configured, int gibibytes, int expected)
    {
        DeviceDescription[] devices =
        [
            new("GPU0", "", IsGpu: true, 0, 900 * Gibibyte),
            new("CPU", "", IsGpu: false, 0, gibibytes * Gibibyte),
        ];
        Assert.Equal(expected * (Gibibyte / 1024), PrefixCacheBudget.Choose(configured, devices));
        Assert.Equal(Math.Max(configured, 0) * (Gibibyte / 1024), PrefixCacheBudget.Choose(configured, devices[..1]));
    }

    [Fact]
    public void The_idle_replica_that_expires_first_is_evicted_and_never_one_in_use()
    {
        var residents = new[]
        {
            Resident("busy", idle: false, minutes: 1), Resident("late", idle: true, minutes: 9),
            Resident("soon", idle: true, minutes: 2), Resident("forever", idle: true, minutes: null),
        };
        Assert.Equal(Weights("soon"), EvictionPolicy.Choose(residents)!.Weights);
        Assert.Null(EvictionPolicy.Choose([residents[0]]));
        Assert.Equal(Weights("forever"), EvictionPolicy.Choose([residents[0], residents[3]])!.Weights);
        Assert.Null(EvictionPolicy.Superseded(residents, Weights("busy")));
        Assert.Equal(Weights("late"), EvictionPolicy.Superseded(residents, Weights("late"))!.Weights);
    }

    [Fact]
    public async Task The_first_model_is_tried_even_when_it_seems_too_large()
    {
        using var residency = Create(freeBytes: 1);
        using var reservation = await ReserveAsync(residency, "a");
        Assert.Equal(1, reservation.Slots.ContextCount);
    }

    [Fact]
    public void A_load_teaches_the_next_estimate_of_the_same_weights()
    {
        var lessons = new MemoryLessons();
        var plan = Plan("a") with { ContextTokens = 128 };
        var before = lessons.Estimate(plan);
        Assert.Equal(MemoryEstimate.Of(plan), before);

        // Loaded with half the context, of which sixteen slots share two, it took a mebibyte more than it should.
        var half = MemoryEstimate.Of(plan with { ContextTokens = 64 });
        lessons.Learn(plan, cellCount: 128, half.TotalBytes(2) + (1 << 20));
        Assert.Equal(before.TotalBytes(5) + (1 << 20), lessons.Estimate(plan).TotalBytes(5));
        Assert.Equal(MemoryEstimate.Of(Plan("b")), lessons.Estimate(Plan("b")));
        var otherwise = plan with { KeyValueType = KeyValueType.Q8_0 };
        Assert.Equal(MemoryEstimate.Of(otherwise), lessons.Estimate(otherwise));

        // What nobody measured teaches nothing, and no estimate becomes negative.
        lessons.Learn(plan, 128, totalBytes: 0);
        Assert.Equal(before.TotalBytes(5) + (1 << 20), lessons.Estimate(plan).TotalBytes(5));
        lessons.Learn(plan, 128, totalBytes: 1);
        Assert.Equal(0, lessons.Estimate(plan).ComputeBytes);
    }

    [Fact]
    public void Lessons_are_bounded()
    {
        var lessons = new MemoryLessons();
        var first = Plan("m0");
        for (var number = 0; number <= 256; number++)
        {
            lessons.Learn(Plan($"m{number}"), 64, 1L << 40);
        }

        Assert.Equal(MemoryEstimate.Of(first), lessons.Estimate(first));
        Assert.True(lessons.Estimate(Plan("m1")).TotalBytes(1) > 1L << 39);
    }

    [Theory]
    [InlineData(16, 262_144, true, "1 262144, 1 32768, 1 4096")]
    [InlineData(1, 8192, true, "1 4096")]
    [InlineData(4, 8192, false, "1 8192")]
    [InlineData(1, 4096, true, "")]
    public void What_does_not_fit_is_tried_with_fewer_slots_and_then_with_a_shorter_context(
        int slotCount, int contextTokens, bool automatic, string expected)
    {
        List<string> tried = [];
        var load = new LoadSpecification
        {
            WeightsPath = "/m",
            SlotCount = slotCount,
            ContextTokens = contextTokens,
            CellCount = 4 * contextTokens,
        };
        while (SmallerLoadPolicy.Next(load, automatic) is { } smaller)
        {
            load = smaller;
            Assert.Equal(load.ContextTokens, load.CellsWanted);
            tried.Add($"{load.SlotCount} {load.ContextTokens}");
        }

        Assert.Equal(expected, string.Join(", ", tried));
    }

    [Fact]
    public void What_the_operator_leaves_to_others_on_a_gpu_is_not_free()
    {
        DeviceDescription[] devices =
        [
            new("CPU", "", IsGpu: false, 64 * Gibibyte, 64 * Gibibyte),
            new("GPU0", "", IsGpu: true, 10 * Gibibyte, 24 * Gibibyte),
            new("GPU1", "", IsGpu: true, 2 * Gibibyte, 24 * Gibibyte),
        ];
        var budget = MemoryBudget.Of(devices, gpusUsed: true, gpuOverheadBytes: 3 * Gibibyte);
        Assert.Equal(7 * Gibibyte, budget.FreeBytes);
        Assert.Equal(64 * Gibibyte, MemoryBudget.Of(devices, gpusUsed: false, 3 * Gibibyte).FreeBytes);
    }

    [Fact]
    public async Task Loads_come_one_at_a_time()
    {
        using var residency = Create(Gibibyte);
        using var first = await ReserveAsync(residency, "a");
        var second = ReserveAsync(residency, "b");
        Assert.False(second.IsCompleted);
        first.LoadEnded();
        first.LoadEnded();
        using var reservation = await second.ExpectAsync("the second load begins");
        Assert.False(ReserveAsync(residency, "c").IsCompleted);
    }

    [Fact]
    public async Task An_idle_replica_is_evicted_for_room_and_one_in_use_is_waited_for()
    {
        using var residency = Create(Gibibyte, new SiloOptions { LoadedModelCountMax = 1 });
        var evictions = 0;
        Reservation? first = null;
        first = await residency.ReserveAsync(Key("a"), Plan("a"), EvictAsync, CancellationToken.None);
        first.LoadEnded();
        var second = ReserveAsync(residency, "b");
        first.Busy();
        Assert.False(second.IsCompleted);
        Assert.Equal(0, evictions);
        first.Idle(Now);
        using var reservation = await second.ExpectAsync("the idle replica makes room");
        Assert.Equal(1, evictions);

        Task<bool> EvictAsync()
        {
            evictions++;
            first!.Dispose();
            return Task.FromResult(true);
        }
    }

    [Fact]
    public async Task Waiting_for_room_can_be_given_up_and_lets_the_next_one_in()
    {
        using var residency = Create(Gibibyte, new SiloOptions { LoadedModelCountMax = 1 });
        using var first = await ReserveAsync(residency, "a");
        first.LoadEnded();
        using var client = new CancellationTokenSource();
        var second = residency.ReserveAsync(Key("b"), Plan("b"), () => Task.FromResult(false), client.Token);
        await client.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second).ExpectAsync("the wait ends");
        first.Dispose();
        using var third = await ReserveAsync(residency, "c").ExpectAsync("the next load begins");
    }

    [Fact]
    public void Waiting_requests_are_counted_across_models()
    {
        var waiters = new LoadWaiters(1);
        Assert.True(waiters.TryEnter());
        Assert.True(waiters.TryEnter());
        Assert.False(waiters.TryEnter());
        waiters.Leave();
        Assert.True(waiters.TryEnter());
    }

    private static Residency Create(long freeBytes, SiloOptions? options = null) => new(
        () => [new DeviceDescription("CPU", "", IsGpu: false, freeBytes, freeBytes)], options ?? new SiloOptions(),
        new ManualTimeProvider(), NullLogger<Residency>.Instance);

    private static Task<Reservation> ReserveAsync(Residency residency, string name) =>
        residency.ReserveAsync(Key(name), Plan(name), () => Task.FromResult(false), CancellationToken.None);

    private static LoadPlan Plan(string name) =>
        LoadPlanner.Plan(ScriptedLibrary.Describe(name), new ModelOptions(), 64, new SiloOptions());

    private static ReplicaKey Key(string name) => new(LoadKey.Of(Plan(name)), 0);

    private static Digest Weights(string name) => ScriptedLibrary.Describe(name).Weights;

    // Of what is free four fifths are usable.
    private static MemoryBudget Usable(long bytes) => new((bytes * 5 / 4) + 1, 0, 0);

    private static MemoryBudget Gpu(long usableBytes) => new((usableBytes * 5 / 4) + 1, usableBytes * 2, 1);

    private static Resident Resident(string name, bool idle, int? minutes) => new(
        Key(name), Weights(name), idle, minutes is { } m ? Now + TimeSpan.FromMinutes(m) : null, Now);
}
