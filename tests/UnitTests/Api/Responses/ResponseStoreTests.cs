using System.Text.Json;
using Microsoft.Extensions.Options;
using Ollama.Platform.Api;
using Ollama.Platform.Api.Responses;
using Ollama.Platform.Api.Responses.Wire;

namespace Ollama.Platform.UnitTests.Api.Responses;

/// <summary>What is kept makes room by its age, and at no cost that grows with how much is kept.</summary>
public sealed class ResponseStoreTests
{
    private readonly CountingTime _time = new();
    private readonly ApiOptions _options = new();
    private int _count;

    private ResponseStore Store => field ??= new ResponseStore(Options.Create(_options), _time);

    [Fact]
    public void One_more_does_not_cost_a_look_at_all_that_are_kept()
    {
        for (var count = 0; count < 500; count++)
        {
            Keep();
        }

        var before = _time.LookCount;
        Keep();
        Assert.InRange(_time.LookCount - before, 1, 10);
    }

    [Fact]
    public void What_runs_is_kept_while_what_has_ended_behind_it_makes_room()
    {
        _options.Responses.CountMax = 2;
        var running = Create("in_progress");
        Store.Add(running);
        var ended = Enumerable.Range(0, 3).Select(_ => Keep()).ToList();
        Assert.NotNull(Store.Find(running.Response.Id));
        Assert.Equal([false, false, true], ended.Select(Store.Holds));
    }

    [Fact]
    public void Bytes_of_what_is_gone_do_not_count()
    {
        _options.Responses.BytesMax = 100;
        var kept = Enumerable.Range(0, 20).Select(_ => Keep(bytes: 60)).ToList();
        Assert.Equal(kept[^1], Assert.Single(kept, Store.Holds));
        Assert.NotNull(Store.Remove(kept[^1].Response.Id));
        kept = [.. Enumerable.Range(0, 3).Select(_ => Keep(bytes: 30))];
        Assert.Equal([true, true, true], kept.Select(Store.Holds));
    }

    [Fact]
    public void Events_count_when_their_response_has_ended()
    {
        _options.Responses.BytesMax = 100;
        var first = Create("in_progress");
        Store.Add(first);
        first.Events.Append(new byte[90]);
        first.Response = first.Response with { Status = "completed" };
        Store.Settle(first);
        Assert.True(Store.Holds(first));
        var second = Keep(bytes: 20);
        Assert.False(Store.Holds(first));
        Assert.True(Store.Holds(second));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_is_removed_is_noted_for_the_disk_also_when_it_has_expired(bool hasExpired)
    {
        var kept = Keep();
        Assert.Same(kept, await Store.Changes.TakeAsync());
        kept.IsOnDisk = true;
        if (hasExpired)
        {
            _options.Responses.KeepTime = TimeSpan.Zero;
        }

        Assert.Equal(hasExpired, Store.Remove(kept.Response.Id) is null);
        Store.Changes.End();
        Assert.Same(kept, await Store.Changes.TakeAsync());
    }

    [Fact]
    public void What_is_kept_later_than_younger_ones_makes_room_before_them()
    {
        _options.Responses.CountMax = 2;
        var older = Create("completed");
        _time.Now += TimeSpan.FromSeconds(1);
        var younger = Keep();
        Store.Add(older);
        Store.Settle(older);
        Keep();
        Assert.Equal((false, true), (Store.Holds(older), Store.Holds(younger)));
    }

    private StoredResponse Keep(int bytes = 10)
    {
        var response = Create("completed", bytes);
        Store.Add(response);
        Store.Settle(response);
        return response;
    }

    private StoredResponse Create(string status, int bytes = 10) => Store.Create(
        new ResponseWire { Id = $"resp_{_count++}", CreatedAt = 0, Status = status, Model = "test" },
        [JsonElement.Parse($"\"{new string('a', bytes - 2)}\"")]);

    private sealed class CountingTime : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = DateTimeOffset.UnixEpoch;

        public int LookCount { get; private set; }

        public override DateTimeOffset GetUtcNow()
        {
            LookCount++;
            return Now;
        }
    }
}
