using Ollama.Platform.Contracts.Errors;
using Ollama.Platform.Contracts.Library;
using Ollama.Platform.Silo.Library;

namespace Ollama.Platform.UnitTests.Library;

public sealed class TransferStepsTests
{
    private readonly ManualTimeProvider _time = new();
    private readonly Digest _digest = Digest.Of("layer"u8);

    private static CancellationToken Aborted => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_layer_is_reported_while_it_moves_and_once_more_at_its_end()
    {
        long completed = 0;
        var steps = new TransferSteps(_time, "pulling manifest");
        steps.Add("pulling", _digest, 10, () => completed);
        await using var reader = steps.FollowAsync(Aborted).GetAsyncEnumerator(Aborted);

        Assert.Equal("pulling manifest", (await NextAsync(reader)).Status);
        Assert.Equal(
            new TransferProgress($"pulling {_digest.Hex[..12]}", _digest, 10, 0), await NextAsync(reader));
        var next = NextAsync(reader);
        await _time.WhenTimerIsArmedAsync(TimeSpan.FromMilliseconds(60));
        completed = 4;
        _time.Advance(TimeSpan.FromMilliseconds(60));
        Assert.Equal(4, (await next).CompletedBytes);

        next = NextAsync(reader);
        completed = 10;
        steps.Add("success");
        steps.End(refusal: null);
        Assert.Equal(10, (await next).CompletedBytes);
        Assert.Equal("success", (await NextAsync(reader)).Status);
        Assert.False(await reader.MoveNextAsync());
    }

    [Fact]
    public async Task A_layer_that_is_there_is_reported_once_however_long_the_next_step_lets_wait()
    {
        var steps = new TransferSteps(_time, "pulling manifest");
        steps.AddDone("pulling", _digest, 10);
        await using var reader = steps.FollowAsync(Aborted).GetAsyncEnumerator(Aborted);
        Assert.Equal("pulling manifest", (await NextAsync(reader)).Status);
        Assert.Equal(
            new TransferProgress($"pulling {_digest.Hex[..12]}", _digest, 10, 10), await NextAsync(reader));

        var next = NextAsync(reader);
        Assert.False(next.IsCompleted);
        steps.Add("success");
        Assert.Equal("success", (await next).Status);
        steps.End(refusal: null);
        Assert.False(await reader.MoveNextAsync());
    }

    [Fact]
    public async Task Who_comes_late_is_told_everything_and_then_why_it_failed()
    {
        var steps = new TransferSteps(_time, "pulling manifest");
        steps.Add("pulling", _digest, 10, () => 7);
        steps.End(new Refusal(ModelErrorCode.TransferFailed, "m", "why"));

        var seen = new List<string>();
        var failure = await Assert.ThrowsAsync<ModelException>(async () =>
        {
            await foreach (var step in steps.FollowAsync(Aborted))
            {
                seen.Add(step.Status);
            }
        });

        Assert.Equal(["pulling manifest", $"pulling {_digest.Hex[..12]}"], seen);
        Assert.Equal("why", failure.Refusal.Detail);
    }

    private static async Task<TransferProgress> NextAsync(IAsyncEnumerator<TransferProgress> reader)
    {
        Assert.True(await reader.MoveNextAsync());
        return reader.Current;
    }
}
