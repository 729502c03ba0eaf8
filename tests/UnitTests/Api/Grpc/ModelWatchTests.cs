using Grpc.Core;
using Grpc.Health.V1;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Ollama.Platform.Contracts.Library;
using Ollama.Platform.Contracts.Models;
using Ollama.Platform.UnitTests.Api.Serving;
using Ollama.V1;
using HealthService = Grpc.Health.V1.Health;
using Status = Grpc.Health.V1.HealthCheckResponse.Types.ServingStatus;

namespace Ollama.Platform.UnitTests.Api.Grpc;

public sealed class ModelWatchTests
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Changes_are_told_as_they_are_seen()
    {
        var time = new ManualTimeProvider();
        await using var server = await ApiServer.StartAsync(time: time);
        using var channel = server.Open();
        using var call = new ModelService.ModelServiceClient(channel).WatchModels(
            new WatchModelsRequest(), cancellationToken: Token);
        await call.ResponseHeadersAsync;

        var name = Name("new");
        server.Library.Models.Add(server.Library.Models[0] with { Name = name });
        server.Models.Loaded = [Loaded("new:latest")];
        time.Advance(Period);
        Assert.Equal("Added new:latest, Loaded new:latest", await ReadAsync(call, 2));

        server.Library.Models[^1] = server.Library.Models[^1] with { ManifestDigest = Digest.Of("other"u8) };
        time.Advance(Period);
        Assert.Equal("Changed new:latest", await ReadAsync(call, 1));

        server.Library.Models.RemoveAt(server.Library.Models.Count - 1);
        server.Models.Loaded = [];
        time.Advance(Period);
        Assert.Equal("Unloaded new:latest, Removed new:latest", await ReadAsync(call, 2));
    }

    [Fact]
    public async Task What_is_there_comes_first_for_those_who_ask()
    {
        await using var server = await ApiServer.StartAsync();
        server.Models.Loaded = [Loaded("test:latest")];
        using var channel = server.Open();
        using var call = new ModelService.ModelServiceClient(channel).WatchModels(
            new WatchModelsRequest { IncludeCurrent = true }, cancellationToken: Token);
        Assert.Equal(
            "Added someone/embedder:latest, Added test:latest, Added thinker:8b, Loaded test:latest",
            await ReadAsync(call, 4));
    }

    [Fact]
    public async Task Watchers_are_counted_and_do_not_hold_up_a_stop()
    {
        await using var server = await ApiServer.StartAsync(options => options.Grpc.WatcherCountMax = 1);
        using var channel = server.Open();
        var client = new ModelService.ModelServiceClient(channel);
        using var first = client.WatchModels(new WatchModelsRequest(), cancellationToken: Token);
        await first.ResponseHeadersAsync;
        using var second = client.WatchModels(new WatchModelsRequest(), cancellationToken: Token);
        var refusal = await Assert.ThrowsAsync<RpcException>(() => second.ResponseStream.MoveNext(Token));
        Assert.Equal(StatusCode.ResourceExhausted, refusal.StatusCode);

        server.Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();
        refusal = await Assert.ThrowsAsync<RpcException>(() => first.ResponseStream.MoveNext(Token));
        Assert.Equal(StatusCode.Unavailable, refusal.StatusCode);
    }

    [Fact]
    public async Task Health_follows_a_model_from_before_it_is_known()
    {
        var time = new ManualTimeProvider();
        await using var server = await ApiServer.StartAsync(time: time);
        using var channel = server.Open();
        var client = new HealthService.HealthClient(channel);
        using var call = client.Watch(
            new HealthCheckRequest { Service = "ollama.v1/model/new" }, cancellationToken: Token);
        Assert.Equal(Status.ServiceUnknown, await NextAsync(call));

        server.Library.Models.Add(server.Library.Models[0] with { Name = Name("new") });
        time.Advance(Period);
        Assert.Equal(Status.NotServing, await NextAsync(call));

        server.Models.Loaded = [Loaded("new:latest")];
        time.Advance(Period);
        Assert.Equal(Status.Serving, await NextAsync(call));
        var now = await client.CheckAsync(
            new HealthCheckRequest { Service = "ollama.v1/model/new:latest" }, cancellationToken: Token);
        Assert.Equal(Status.Serving, now.Status);
    }

    [Fact]
    public async Task Who_watches_the_server_is_told_that_it_stops_and_nobody_looks_at_the_models_for_that()
    {
        var time = new ManualTimeProvider();
        await using var server = await ApiServer.StartAsync(time: time);
        using var channel = server.Open();
        using var call = new HealthService.HealthClient(channel).Watch(
            new HealthCheckRequest(), cancellationToken: Token);
        Assert.Equal(Status.Serving, await NextAsync(call));
        time.Advance(Period);
        server.BeginStop();
        Assert.Equal(Status.NotServing, await NextAsync(call));
        var refusal = await Assert.ThrowsAsync<RpcException>(() => NextAsync(call));
        Assert.Equal(StatusCode.Unavailable, refusal.StatusCode);
        Assert.Equal(0, server.Library.ListCount);
    }

    private static async Task<Status> NextAsync(AsyncServerStreamingCall<HealthCheckResponse> call)
    {
        Assert.True(await call.ResponseStream.MoveNext(Token));
        return call.ResponseStream.Current.Status;
    }

    private static async Task<string> ReadAsync(AsyncServerStreamingCall<ModelEvent> call, int count)
    {
        var events = new List<string>();
        while (events.Count < count && await call.ResponseStream.MoveNext(Token))
        {
            events.Add($"{call.ResponseStream.Current.Type} {call.ResponseStream.Current.Name}");
        }

        return string.Join(", ", events);
    }

    private static ModelName Name(string text) =>
        ModelName.TryParse(text, out var name) ? name : throw new FormatException(text);

    private static LoadedModelStatus Loaded(string name) => new()
    {
        Name = name,
        ManifestDigestHex = Digest.Of("manifest"u8).Hex,
        Details = new(),
    };
}
