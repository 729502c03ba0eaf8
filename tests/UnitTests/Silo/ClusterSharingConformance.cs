using Ollama.Platform.Contracts.Errors;
using Ollama.Platform.Contracts.Library;
using Ollama.Platform.Contracts.Models;

namespace Ollama.Platform.UnitTests.Silo;

/// <summary>
/// What every host of actors must do with names that share weights, with adapters or without, seen through
/// <see cref="IModels"/>.
/// </summary>
public abstract class ClusterSharingConformance : ClusterLoadConformance
{
    [Fact]
    public async Task Names_of_the_same_weights_are_listed_each_with_its_own_time()
    {
        await using var silo = Create();
        Alias(silo, "alias");
        await CompleteAsync(silo, TestSilo.Chat("a"));
        await CompleteAsync(silo, TestSilo.Chat("alias") with { KeepAlive = TimeSpan.FromMinutes(1) });
        await silo.Time.WhenTimerIsArmedAsync(TimeSpan.FromMinutes(5)).ExpectAsync("the model becomes idle");
        var runner = await silo.Runners.NextRunnerAsync();
        Assert.Equal(1, silo.Runners.LoadCount);
        var now = silo.Time.GetUtcNow();
        Assert.Equal(
            [("a:latest", now + TimeSpan.FromMinutes(5)), ("alias:latest", now + TimeSpan.FromMinutes(1))],
            (await silo.Models.ListLoadedAsync(None)).Select(status => (status.Name, status.ExpiresAt!.Value)));

        silo.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal("a:latest", Assert.Single(await silo.Models.ListLoadedAsync(None)).Name);
        Assert.False(runner.Disposed.IsCompleted);
        silo.Time.Advance(TimeSpan.FromMinutes(4));
        await runner.Disposed.ExpectAsync("the model is unloaded with its last name");
    }

    [Fact]
    public async Task A_name_whose_time_has_ended_begins_anew()
    {
        await using var silo = Create();
        Alias(silo, "alias");
        await CompleteAsync(silo, TestSilo.Chat("a") with { KeepAlive = TimeSpan.FromHours(1) });
        await CompleteAsync(silo, TestSilo.Chat("alias") with { KeepAlive = TimeSpan.FromSeconds(10) });
        silo.Time.Advance(TimeSpan.FromSeconds(20));
        await CompleteAsync(silo, TestSilo.Chat("alias"));
        Assert.Equal(
            silo.Time.GetUtcNow() + TimeSpan.FromMinutes(5),
            (await silo.Models.ListLoadedAsync(None)).Single(status => status.Name == "alias:latest").ExpiresAt);
    }

    [Fact]
    public async Task Unloading_one_name_leaves_the_other_running_and_loaded()
    {
        await using var silo = Create();
        Alias(silo, "alias");
        var chat = silo.StartAsync(TestSilo.Chat("a"));
        var sequence = await silo.Runners.NextSequenceAsync();
        var runner = await silo.Runners.NextRunnerAsync();
        await CompleteAsync(silo, TestSilo.Chat("alias"));
        await silo.Models.UnloadAsync("alias", None).ExpectAsync("the other name is taken back");
        Assert.Equal("a:latest", Assert.Single(await silo.Models.ListLoadedAsync(None)).Name);
        sequence.Emit("still here");
        sequence.Finish();
        Assert.Equal(2, (await chat.ExpectAsync("the chat ends")).Count);

        await CompleteAsync(silo, TestSilo.Chat("alias") with { KeepAlive = TimeSpan.Zero });
        Assert.Equal("a:latest", Assert.Single(await silo.Models.ListLoadedAsync(None)).Name);
        Assert.False(runner.Disposed.IsCompleted);
        await silo.Models.UnloadAsync("a", None).ExpectAsync("the last name is taken back");
        await runner.Disposed.ExpectAsync("the model is unloaded");
        Assert.Empty(await silo.Models.ListLoadedAsync(None));
        Assert.Equal(1, silo.Runners.LoadCount);
    }

    [Fact]
    public async Task Unloading_the_name_that_was_loaded_first_leaves_the_later_one()
    {
        await using var silo = Create();
        Alias(silo, "alias");
        await CompleteAsync(silo, TestSilo.Chat("a"));
        var chat = silo.StartAsync(TestSilo.Chat("alias"));
        var sequence = await silo.Runners.NextSequenceAsync();
        await silo.Models.UnloadAsync("a", None).ExpectAsync("the first name is taken back");
        Assert.Equal("alias:latest", Assert.Single(await silo.Models.ListLoadedAsync(None)).Name);
        sequence.Finish();
        await chat.ExpectAsync("the chat ends");
        Assert.Equal(1, silo.Runners.LoadCount);
        Assert.Equal("alias:latest", Assert.Single(await silo.Models.ListLoadedAsync(None)).Name);
    }

    [Fact]
    public async Task Adapters_are_loaded_once_beside_the_weights_and_their_sequences_name_them()
    {
        await using var silo = Create();
        var adapter = Alias(silo, "pirate", "lora").Adapters[0];
        await RunAsync("a", key => Assert.Equal(0, key));
        long pirate = 0;
        await RunAsync("pirate", key => Assert.NotEqual(0, pirate = key));
        await RunAsync("a", key => Assert.Equal(0, key));
        await RunAsync("pirate", key => Assert.Equal(pirate, key));
        Assert.Equal(1, silo.Runners.LoadCount);
        var loaded = Assert.Single(silo.Runners.LastRunner!.Adapters);
        Assert.Equal((pirate, $"/blobs/{adapter.Hex}"), (loaded.Key, Assert.Single(loaded.Value)));
        Assert.Equal(
            [("a:latest", 1000, 0), ("pirate:latest", 1100, 10)],
            (await silo.Models.ListLoadedAsync(None))
                .Select(status => (status.Name, (int)status.TotalBytes, (int)status.VramBytes)));

        async Task RunAsync(string model, Action<long> check)
        {
            var chat = silo.StartAsync(TestSilo.Chat(model));
            var sequence = await silo.Runners.NextSequenceAsync();
            check(sequence.Request.AdapterKey);
            sequence.Finish();
            await chat.ExpectAsync("the chat ends");
        }
    }

    [Fact]
    public async Task Vectors_are_computed_with_adapters_beside_weights_that_are_loaded_once()
    {
        await using var silo = Create();
        var described = ScriptedLibrary.Describe("e", ModelCapability.Embedding);
        silo.Library.Models["e"] = described;
        silo.Library.Models["tuned"] = described with
        {
            Name = ScriptedLibrary.Describe("tuned").Name,
            Adapters = [DigestOf("lora")],
        };
        foreach (var model in (string[])["e", "tuned", "e"])
        {
            await silo.Models.EmbedAsync(new EmbeddingRequest { Model = model, Inputs = ["x"] }, None)
                .ExpectAsync("the vector comes");
        }

        var runner = silo.Runners.LastRunner!;
        Assert.Equal(1, silo.Runners.LoadCount);
        Assert.Equal([0, Assert.Single(runner.Adapters).Key, 0], runner.EmbeddedWith);
        Assert.Equal(
            [("e:latest", 1000), ("tuned:latest", 1100)],
            (await silo.Models.ListLoadedAsync(None)).Select(status => (status.Name, (int)status.TotalBytes)));
    }

    [Fact]
    public async Task Adapters_that_do_not_fit_refuse_their_own_requests_and_nobody_elses()
    {
        await using var silo = Create();
        var adapter = Alias(silo, "pirate", "lora").Adapters[0];
        silo.Runners.BadAdapters.Add($"/blobs/{adapter.Hex}");
        var chat = silo.StartAsync(TestSilo.Chat("a"));
        var sequence = await silo.Runners.NextSequenceAsync();
        var expected = new Refusal(ModelErrorCode.LoadFailed, "pirate", "the adapter is of another model");
        foreach (var bad in (Func<Task>[])
            [
                () => silo.StartAsync(TestSilo.Chat("pirate")),
                () => silo.Models.LoadAsync(Load("pirate"), None),
            ])
        {
            var refused = await Assert.ThrowsAsync<ModelException>(bad).ExpectAsync("the request is refused");
            Assert.Equal(expected, refused.Refusal);
        }

        sequence.Finish();
        await chat.ExpectAsync("the chat ends");

        // What was repaired is loaded with the next request.
        silo.Runners.BadAdapters.Clear();
        await CompleteAsync(silo, TestSilo.Chat("pirate"));
        Assert.Equal(1, silo.Runners.LoadCount);
    }

    [Fact]
    public async Task A_client_that_leaves_while_adapters_load_leaves_them_to_the_next()
    {
        await using var silo = Create();
        Alias(silo, "pirate", "lora");
        await CompleteAsync(silo, TestSilo.Chat("a"));
        var gate = new TaskCompletionSource();
        silo.Runners.AdapterGate = gate.Task;
        using var client = new CancellationTokenSource();
        var left = silo.StartAsync(TestSilo.Chat("pirate"), client);
        var stays = silo.StartAsync(TestSilo.Chat("pirate"));
        await client.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left).ExpectAsync("the client has left");
        gate.SetResult();
        (await silo.Runners.NextSequenceAsync()).Finish();
        await stays.ExpectAsync("the other chat ends");
        Assert.Single(silo.Runners.LastRunner!.Adapters);
    }

    [Fact]
    public async Task Adapters_that_are_unused_for_longest_are_freed()
    {
        await using var silo = Create();
        for (var number = 0; number < 12; number++)
        {
            Alias(silo, $"m{number}", $"lora {number}");
            await CompleteAsync(silo, TestSilo.Chat($"m{number}"));
        }

        var kept = Enumerable.Range(4, 8).Select(number => $"/blobs/{DigestOf($"lora {number}").Hex}");
        Assert.Equal(
            kept.Order(StringComparer.Ordinal),
            silo.Runners.LastRunner!.Adapters.Values.Select(paths => paths[0]).Order(StringComparer.Ordinal));
        await CompleteAsync(silo, TestSilo.Chat("m0"));
        Assert.Equal(1, silo.Runners.LoadCount);
        Assert.Equal(8, silo.Runners.LastRunner.Adapters.Count);
        Assert.Equal(12, (await silo.Models.ListLoadedAsync(None)).Count);
    }

    [Fact]
    public async Task A_runner_that_dies_loads_the_adapters_of_those_who_run_once_more()
    {
        await using var silo = Create();
        Alias(silo, "pirate", "lora");
        var chat = silo.StartAsync(TestSilo.Chat("pirate"));
        await silo.Runners.NextSequenceAsync();
        silo.Runners.LastRunner!.Die("killed");
        var again = await silo.Runners.NextSequenceAsync();
        Assert.True(silo.Runners.LastRunner.Adapters.ContainsKey(again.Request.AdapterKey));
        again.Finish();
        await chat.ExpectAsync("the chat ends");
        Assert.Equal(2, silo.Runners.LoadCount);
        Assert.Equal("pirate:latest", Assert.Single(await silo.Models.ListLoadedAsync(None)).Name);
    }

    private static Digest DigestOf(string text) => Digest.Of(System.Text.Encoding.UTF8.GetBytes(text));

    // The weights of "a" under another name.
    private static ModelDescription Alias(TestSilo silo, string name, params string[] adapters) =>
        silo.Library.Models[name] = ScriptedLibrary.Describe("a") with
        {
            Name = ScriptedLibrary.Describe(name).Name,
            Adapters = [.. adapters.Select(DigestOf)],
        };
}
