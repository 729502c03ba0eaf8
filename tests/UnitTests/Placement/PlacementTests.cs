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
            new SlotPlan(slots, contexts),
            SlotCountPolicy.Choose(0, embedding: false, new MemoryEstimate(40, 10, 10), usable));

    [Fact]
    public void Configured_slots_have_a_whole_context_each_and_embeddings_have_one()
    {
        var estimate = new MemoryEstimate(40, 10, 10);
        Assert.Equal(new SlotPlan(7, 7), SlotCountPolicy.Choose(7, embedding: false, estimate, usableBytes: 0));
        Assert.Equal(new SlotPlan(1, 1), SlotCountPolicy.Choose(7, embedding: true, estimate, usableBytes: 1000));
        Assert.Equal(
            new SlotPlan(16, 4),
            SlotCountPolicy.Choose(0, embedding: false, new MemoryEstimate(1, 0, 1), usableBytes: 0));
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
        LoadPlanner.Plan(ScriptedLibrary.Describe(name), new ModelOptions(), contextTokensDefault: 64);

    private static ReplicaKey Key(string name) => new(LoadKey.Of(Plan(name)), 0);

    private static Digest Weights(string name) => ScriptedLibrary.Describe(name).Weights;

    private static Resident Resident(string name, bool idle, int? minutes) => new(
        Key(name), Weights(name), idle, minutes is { } m ? Now + TimeSpan.FromMinutes(m) : null, Now);
}
