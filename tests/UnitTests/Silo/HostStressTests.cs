using Ollama.Platform.Contracts.Errors;
using Ollama.Platform.Contracts.Models;
using Ollama.Platform.Silo.Models;

namespace Ollama.Platform.UnitTests.Silo;

/// <summary>Random clients on a host that shuffles: every request ends and nothing stays behind.</summary>
public sealed class HostStressTests
{
    private const int ClientCount = 150;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Every_request_ends_and_nothing_stays_behind(int seed)
    {
        var options = new SiloOptions { SlotCount = 2, LoadedModelCountMax = 2, KeepAlive = TimeSpan.FromMinutes(1) };
        await using var silo = new TestSilo(options, inner => new HostileHost(inner, seed));
        using var ended = new CancellationTokenSource();
        var serving = ServeAsync(silo, new Random(seed), ended);
        var outcomes = await Task.WhenAll(Enumerable.Range(0, ClientCount)
            .Select(number => ClientAsync(silo, new Random((seed * 1000) + number))))
            .ExpectAsync($"every request of seed {seed} ends");
        Assert.Contains("finished", outcomes);
        Assert.Contains("left", outcomes);
        await ended.CancelAsync();
        await serving;

        await SweepAllAsync(silo).ExpectAsync($"the actors of seed {seed} have nothing to remember");
    }

    /// <summary>The last calls may still be on their way, and may load again what was unloaded.</summary>
    private static async Task SweepAllAsync(TestSilo silo)
    {
        while (silo.Local.ActorCount > 0)
        {
            foreach (var name in "abc")
            {
                await silo.Models.UnloadAsync($"{name}", CancellationToken.None);
            }

            await silo.Local.SweepAsync();
        }
    }

    private static async Task<string> ClientAsync(TestSilo silo, Random random)
    {
        using var client = new CancellationTokenSource();
        var request = TestSilo.Chat($"{"abc"[random.Next(3)]}") with
        {
            KeepAlive = random.Next(4) == 0 ? TimeSpan.Zero : null,
        };
        var chunksUntilLeaving = random.Next(6);
        try
        {
            await foreach (var chunk in silo.Models.GenerateAsync(request, client.Token))
            {
                if (chunk.FinishReason == FinishReason.Stop)
                {
                    return "finished";
                }

                if (--chunksUntilLeaving == 0)
                {
                    await client.CancelAsync();
                }
            }

            return "ended without a reason";
        }
        catch (OperationCanceledException) when (client.IsCancellationRequested)
        {
            return "left";
        }
        catch (ModelException exception) when (exception.Refusal.Code == ModelErrorCode.RunnerStopped)
        {
            return "refused";
        }
    }

    /// <summary>Answers whatever reaches a runner, and kills a runner now and then.</summary>
    private static async Task ServeAsync(TestSilo silo, Random random, CancellationTokenSource ended)
    {
        try
        {
            while (true)
            {
                var sequence = await silo.Runners.TakeSequenceAsync(ended.Token);
                if (random.Next(20) == 0)
                {
                    silo.Runners.LastRunner?.Die("scripted");
                    sequence.Fail(new ModelException(ModelErrorCode.RunnerStopped));
                    continue;
                }

                for (var count = random.Next(6); count > 0; count--)
                {
                    sequence.Emit("x");
                }

                sequence.Finish();
            }
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
        }
    }
}
