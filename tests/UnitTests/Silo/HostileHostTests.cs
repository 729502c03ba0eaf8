using Ollama.Platform.Contracts.Errors;
using Ollama.Platform.Silo.Models;
using Ollama.Platform.Silo.Wire;

namespace Ollama.Platform.UnitTests.Silo;

/// <summary>The conformance suite on a host that copies, shuffles and dies.</summary>
public sealed class HostileHostTests : ClusterHostConformance
{
    private const int Seed = 20261121;

    [Fact]
    public async Task A_silo_that_dies_in_the_middle_of_a_stream_is_noticed_by_its_silence()
    {
        await using var silo = Create();
        var chat = silo.StartAsync(TestSilo.Chat("a"));
        var sequence = await silo.Runners.NextSequenceAsync();
        sequence.Emit("half");
        var host = (HostileHost)silo.Host;
        host.Kill();
        _ = PassTimeAsync(host, chat);

        var refused = await Assert.ThrowsAsync<ModelException>(() => chat).ExpectAsync("the silence is noticed");
        Assert.Equal(ModelErrorCode.RunnerStopped, refused.Refusal.Code);
        await sequence.Left.ExpectAsync("the sequence is freed");
    }

    /// <summary>The reader begins to measure the silence at some point after the death.</summary>
    private static async Task PassTimeAsync(HostileHost host, Task until)
    {
        while (!until.IsCompleted)
        {
            host.Network.Advance(Heartbeats.SilenceMax);
            await Task.Yield();
        }
    }

    private protected override TestSilo Create(SiloOptions? options = null) =>
        new(options ?? new SiloOptions(), inner => new HostileHost(inner, Seed));
}
