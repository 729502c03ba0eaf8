using Ollama.Platform.Contracts.Errors;
using Ollama.Platform.Contracts.Models;
using Ollama.Platform.Silo.Models;

namespace Ollama.Platform.UnitTests.Silo;

/// <summary>How every host loads models that are slow, fail or find too little memory.</summary>
public abstract class ClusterLoadConformance
{
    private protected static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task A_load_that_memory_does_not_suffice_for_is_tried_smaller()
    {
        await using var silo = Create(new SiloOptions { SlotCount = 4 });
        silo.Runners.SlotCountMax = 1;
        await CompleteAsync(silo, TestSilo.Chat("a"));
        Assert.Equal(4, (await silo.Runners.NextLoadAsync()).SlotCount);
        Assert.Equal(1, (await silo.Runners.NextLoadAsync()).SlotCount);
    }

    [Fact]
    public async Task A_load_that_memory_does_not_suffice_for_at_all_is_refused_with_the_sizes()
    {
        await using var silo = Create(new SiloOptions { SlotCount = 1 });
        silo.Runners.SlotCountMax = 0;
        var request = TestSilo.Chat("a") with { Options = TestSilo.Option("num_ctx", 64) };
        var refused = await Assert.ThrowsAsync<ModelException>(() => silo.StartAsync(request))
            .ExpectAsync("the chat is refused");
        Assert.Equal(ModelErrorCode.MemoryExceeded, refused.Refusal.Code);
        Assert.StartsWith("model requires more memory (0.", refused.Refusal.Detail);
        Assert.EndsWith(
            " GiB) than could be had, although 1.0 GiB seem to be free: failed to allocate", refused.Refusal.Detail);
        Assert.Empty(await silo.Models.ListLoadedAsync(None));
    }

    [Fact]
    public async Task A_load_may_take_long_as_long_as_it_gets_on()
    {
        await using var silo = Create(new SiloOptions { LoadTimeout = TimeSpan.FromMinutes(5) });
        silo.Runners.Gate = new TaskCompletionSource().Task;
        var chat = silo.StartAsync(TestSilo.Chat("a"));
        await silo.Runners.NextLoadAsync();
        for (var step = 1; step < 5; step++)
        {
            silo.Time.Advance(TimeSpan.FromMinutes(4));
            silo.Runners.Progress!.Report(step * 0.1f);
        }

        Assert.False(chat.IsCompleted);
        // The same fraction again is no progress.
        silo.Time.Advance(TimeSpan.FromMinutes(4));
        silo.Runners.Progress!.Report(0.4f);
        silo.Time.Advance(TimeSpan.FromMinutes(2));
        var refused = await Assert.ThrowsAsync<ModelException>(() => chat).ExpectAsync("the stalled load is given up");
        Assert.Equal(ModelErrorCode.LoadTimedOut, refused.Refusal.Code);
    }

    [Fact]
    public async Task A_failed_load_refuses_all_who_waited_and_the_next_one_tries_again()
    {
        await using var silo = Create();
        var gate = new TaskCompletionSource();
        silo.Runners.Gate = gate.Task;
        var chats = Enumerable.Range(0, 3).Select(_ => silo.StartAsync(TestSilo.Chat("a"))).ToArray();
        await silo.Runners.NextLoadAsync();
        gate.SetException(new ModelException(ModelErrorCode.LoadFailed, null, "tensor missing"));
        foreach (var chat in chats)
        {
            var refused = await Assert.ThrowsAsync<ModelException>(() => chat).ExpectAsync("the chat is refused");
            Assert.Equal(new Refusal(ModelErrorCode.LoadFailed, "a", "tensor missing"), refused.Refusal);
        }

        silo.Runners.Gate = Task.CompletedTask;
        await CompleteAsync(silo, TestSilo.Chat("a"));
    }

    [Fact]
    public async Task A_load_that_takes_too_long_is_given_up()
    {
        await using var silo = Create();
        silo.Runners.Gate = new TaskCompletionSource().Task;
        var chat = silo.StartAsync(TestSilo.Chat("a"));
        await silo.Runners.NextLoadAsync();
        silo.Time.Advance(TimeSpan.FromMinutes(5));
        var refused = await Assert.ThrowsAsync<ModelException>(() => chat).ExpectAsync("the chat is refused");
        Assert.Equal(ModelErrorCode.LoadTimedOut, refused.Refusal.Code);
    }

    private protected static LoadRequest Load(string model) => new() { Model = model, Kind = GenerationKind.Chat };

    private protected static async Task CompleteAsync(TestSilo silo, GenerationRequest request)
    {
        var chat = silo.StartAsync(request);
        (await silo.Runners.NextSequenceAsync()).Finish();
        await chat.ExpectAsync($"a chat with {request.Model} ends");
    }

    private protected abstract TestSilo Create(SiloOptions? options = null);
}
