using Microsoft.Extensions.Options;
using Ollama.Platform.BlobStore.Registry;

namespace Ollama.Platform.UnitTests.Registry;

public sealed class RetriesTests
{
    private readonly ManualTimeProvider _time = new();

    private static CancellationToken Aborted => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_wait_doubles_and_the_last_failure_is_told()
    {
        var attempts = 0;
        var run = Run(() => throw new TransferException($"failure {++attempts}", isTransient: true), () => 0);
        foreach (var seconds in new[] { 1, 2 })
        {
            await _time.WhenTimerIsArmedAsync(TimeSpan.FromSeconds(seconds));
            _time.Advance(TimeSpan.FromSeconds(seconds));
        }

        var failure = await Assert.ThrowsAsync<TransferException>(() => run);
        Assert.Equal("max retries exceeded: failure 3", failure.Message);
    }

    [Fact]
    public async Task The_registry_may_ask_for_a_longer_wait()
    {
        var attempts = 0;
        var run = Run(
            () => ++attempts == 1
                ? throw new TransferException("slower", isTransient: true, TimeSpan.FromSeconds(17))
                : attempts,
            () => 0);
        await _time.WhenTimerIsArmedAsync(TimeSpan.FromSeconds(17));
        _time.Advance(TimeSpan.FromSeconds(17));
        Assert.Equal(2, await run);
    }

    [Fact]
    public async Task An_attempt_that_brought_something_is_none_in_vain()
    {
        var attempts = 0;
        var run = Run(
            () => ++attempts < 6 ? throw new TransferException("cut", isTransient: true) : attempts,
            () => attempts * 1024);
        for (var attempt = 1; attempt < 6; attempt++)
        {
            await _time.WhenTimerIsArmedAsync(TimeSpan.FromSeconds(1));
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(6, await run);
    }

    [Fact]
    public async Task An_attempt_that_brought_too_little_for_its_time_is_in_vain()
    {
        var attempts = 0;
        var run = Run(
            () => throw new TransferException($"cut {++attempts}", isTransient: true), () => attempts * 1000);
        foreach (var seconds in new[] { 1, 2 })
        {
            await _time.WhenTimerIsArmedAsync(TimeSpan.FromSeconds(seconds));
            _time.Advance(TimeSpan.FromSeconds(seconds));
        }

        // The first one took no time.
        var failure = await Assert.ThrowsAsync<TransferException>(() => run);
        Assert.Equal("max retries exceeded: cut 3", failure.Message);
    }

    [Fact]
    public async Task A_failure_for_good_is_told_at_once()
    {
        var failure = await Assert.ThrowsAsync<TransferException>(
            () => Run(() => throw new TransferException("no"), () => 0));
        Assert.Equal("no", failure.Message);
    }

    private Task<int> Run(Func<int> attempt, Func<long> progress) =>
        new Retries(Options.Create(new RegistryOptions { AttemptsMax = 3 }), _time)
            .RunAsync(_ => Task.FromResult(attempt()), progress, Aborted);
}
