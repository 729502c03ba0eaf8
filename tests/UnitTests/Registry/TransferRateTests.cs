using Microsoft.Extensions.Options;
using Ollama.Platform.BlobStore.Registry;

namespace Ollama.Platform.UnitTests.Registry;

public sealed class TransferRateTests
{
    private readonly ManualTimeProvider _time = new();

    private static CancellationToken Aborted => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_all_have_moved_is_paid_for_before_anybody_moves_more()
    {
        var rate = Rate(1000);
        var first = rate.TakeAsync(500, Aborted).AsTask();
        var second = rate.TakeAsync(1000, Aborted).AsTask();
        await _time.WhenTimerIsArmedAsync(TimeSpan.FromSeconds(1.5));
        _time.Advance(TimeSpan.FromSeconds(0.5));
        await first;
        Assert.False(second.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(1));
        await second;
    }

    [Fact]
    public async Task Whoever_is_late_makes_up_for_it_and_nobody_saves_up()
    {
        var rate = Rate(1000);
        var first = rate.TakeAsync(500, Aborted).AsTask();
        _time.Advance(TimeSpan.FromSeconds(0.7));
        await first;
        var late = rate.TakeAsync(500, Aborted).AsTask();
        await _time.WhenTimerIsArmedAsync(TimeSpan.FromSeconds(0.3));
        _time.Advance(TimeSpan.FromMinutes(1));
        await late;
        _ = rate.TakeAsync(500, Aborted).AsTask();
        await _time.WhenTimerIsArmedAsync(TimeSpan.FromSeconds(0.5));
    }

    [Theory]
    [InlineData(0, int.MaxValue)]
    [InlineData(100, 4096)]
    [InlineData(10_000_000, 1_000_000)]
    public void A_piece_is_worth_a_moment(long bytesPerSecondMax, int expected) =>
        Assert.Equal(expected, Rate(bytesPerSecondMax).PieceBytesMax);

    private TransferRate Rate(long bytesPerSecondMax) =>
        new(Options.Create(new RegistryOptions { BytesPerSecondMax = bytesPerSecondMax }), _time);
}
