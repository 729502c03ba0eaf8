using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using Ollama.Platform.Contracts.Models;
using Ollama.Platform.UnitTests.Api.Serving;
using Ollama.V1;

namespace Ollama.Platform.UnitTests.Api.Grpc;

/// <summary>How calls of generation behave in time: ends, signs of life, limits.</summary>
public sealed class GrpcCallTests
{
    private static readonly Message[] Hello = [new Message { Role = "user", Content = "Hi" }];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_client_that_leaves_ends_the_run()
    {
        await using var server = await ApiServer.StartAsync();
        server.Models.HangsAtEnd = true;
        using var channel = server.Open();
        var call = new InferenceService.InferenceServiceClient(channel).ChatStream(
            Chat(), cancellationToken: Token);
        await call.ResponseHeadersAsync;
        call.Dispose();
        await server.Models.Canceled.Task.WaitAsync(Token);
    }

    [Fact]
    public async Task A_call_is_canceled_by_its_id_and_its_client_is_told()
    {
        await using var server = await ApiServer.StartAsync();
        server.Models.HangsAtEnd = true;
        using var channel = server.Open();
        var client = new InferenceService.InferenceServiceClient(channel);
        using var call = client.ChatStream(
            Chat(), new Metadata { { "x-request-id", "mine" } }, cancellationToken: Token);
        Assert.Equal("mine", (await call.ResponseHeadersAsync).GetValue("x-request-id"));

        var canceled = await client.CancelAsync(new CancelRequest { RequestId = "mine" }, cancellationToken: Token);
        Assert.Equal(1, canceled.Canceled);
        var refusal = await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext(Token));
        Assert.Equal((StatusCode.Cancelled, "CANCELED"), (refusal.StatusCode, Reason(refusal)));
        await server.Models.Canceled.Task.WaitAsync(Token);

        refusal = await Assert.ThrowsAsync<RpcException>(
            () => client.CancelAsync(new CancelRequest { RequestId = "mine" }, cancellationToken: Token).ResponseAsync);
        Assert.Equal((StatusCode.NotFound, "REQUEST_NOT_FOUND"), (refusal.StatusCode, Reason(refusal)));
    }

    [Fact]
    public async Task The_deadline_and_the_priority_reach_the_queue()
    {
        await using var server = await ApiServer.StartAsync();
        Scripts.Set(server.Models, "greeting");
        server.Models.Gate.Open();
        using var channel = server.Open();
        await new InferenceService.InferenceServiceClient(channel).ChatAsync(
            Chat(), new Metadata { { "x-priority", "-7" } }, System.DateTime.UnixEpoch.AddYears(100), Token);
        await new InferenceService.InferenceServiceClient(channel).ChatAsync(
            Chat(), deadline: TimeProvider.System.GetUtcNow().UtcDateTime.AddMinutes(10), cancellationToken: Token);
        var requests = server.Models.Calls.Cast<GenerationRequest>().ToArray();
        Assert.Equal((-7, TimeSpan.FromDays(49)), (requests[0].Priority, requests[0].Deadline!.Value));
        Assert.InRange(requests[1].Deadline!.Value, TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(10));
    }

    [Fact]
    public async Task Texts_and_tokens_to_embed_go_before_others_where_the_client_says_so()
    {
        await using var server = await ApiServer.StartAsync();
        Scripts.Set(server.Models, "embedding");
        using var channel = server.Open();
        var client = new EmbeddingService.EmbeddingServiceClient(channel);
        Metadata headers = new() { { "x-priority", "7" } };
        var request = new EmbedRequest
        {
            Model = "test",
            Input = { "a" },
            TokenInput = { new TokenInput { Tokens = { 98, 99 } } },
        };
        await client.EmbedAsync(request, headers, cancellationToken: Token);
        using var stream = client.EmbedStream(headers, cancellationToken: Token);
        await stream.RequestStream.WriteAsync(
            new EmbedStreamRequest { Settings = new EmbedSettings { Model = "test" } }, Token);
        await stream.RequestStream.WriteAsync(
            new EmbedStreamRequest { Item = new EmbedItem { Tokens = { 97 } } }, Token);
        Assert.True(await stream.ResponseStream.MoveNext(Token));
        var requests = server.Models.Calls.Cast<EmbeddingRequest>().ToArray();
        Assert.Equal([7, 7, 7], requests.Select(request => request.Priority));
        Assert.Equal(["a"], requests[0].Inputs);
        Assert.Equal([98, 99], Assert.Single(requests[0].TokenInputs));
        Assert.Empty(requests[2].Inputs);
        Assert.Equal([97], Assert.Single(requests[2].TokenInputs));
    }

    [Fact]
    public async Task Tokens_are_a_raw_prompt()
    {
        await using var server = await ApiServer.StartAsync();
        Scripts.Set(server.Models, "greeting");
        server.Models.Gate.Open();
        using var channel = server.Open();
        await new InferenceService.InferenceServiceClient(channel).GenerateAsync(
            new GenerateRequest { Model = "test", PromptTokens = { 1, 2 } }, cancellationToken: Token);
        var request = Assert.IsType<GenerationRequest>(Assert.Single(server.Models.Calls));
        Assert.Equal([1, 2], request.PromptTokens);
        Assert.True(request.Raw);
    }

    [Fact]
    public async Task A_deadline_that_passes_ends_the_run()
    {
        await using var server = await ApiServer.StartAsync();
        server.Models.HangsAtEnd = true;
        using var channel = server.Open();

        // Which status the client makes of it depends on the transport, and is seen through a real one.
        await Assert.ThrowsAsync<RpcException>(
            () => new InferenceService.InferenceServiceClient(channel).ChatAsync(
                Chat(), deadline: TimeProvider.System.GetUtcNow().UtcDateTime.AddMilliseconds(200),
                cancellationToken: Token).ResponseAsync);
        await server.Models.Canceled.Task.WaitAsync(Token);
    }

    [Fact]
    public async Task A_stream_that_waits_shows_signs_of_life_to_those_who_asked()
    {
        var time = new ManualTimeProvider();
        await using var server = await ApiServer.StartAsync(time: time);
        server.Models.HangsAtEnd = true;
        var request = Chat();
        request.HeartbeatPeriod = Duration.FromTimeSpan(TimeSpan.FromSeconds(5));
        using var channel = server.Open();
        using var call = new InferenceService.InferenceServiceClient(channel).ChatStream(
            request, cancellationToken: Token);
        for (var beat = 1; beat <= 2; beat++)
        {
            await time.WhenTimerIsArmedAsync(TimeSpan.FromSeconds(5)).WaitAsync(Token);
            time.Advance(TimeSpan.FromSeconds(5));
            Assert.True(await call.ResponseStream.MoveNext(Token));
            Assert.Equal(beat * 5_000_000_000L, call.ResponseStream.Current.Heartbeat.ElapsedNs);
            Assert.Null(call.ResponseStream.Current.Message);
        }

        call.Dispose();
        await server.Models.Canceled.Task.WaitAsync(Token);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_message_over_the_limit_is_refused_also_when_it_was_compressed(bool compressed)
    {
        await using var server = await ApiServer.StartAsync(options => options.Grpc.MessageBytesMax = 2000);
        Scripts.Set(server.Models, "greeting");
        server.Models.Gate.Open();
        using var channel = server.Open();
        var client = new InferenceService.InferenceServiceClient(channel);
        var request = Chat();
        request.Messages[0].Content = new string('a', 100_000);
        Metadata headers = compressed ? new() { { "grpc-internal-encoding-request", "gzip" } } : [];
        var refusal = await Assert.ThrowsAsync<RpcException>(
            () => client.ChatAsync(request, headers, cancellationToken: Token).ResponseAsync);
        Assert.Equal(StatusCode.ResourceExhausted, refusal.StatusCode);
        Assert.Empty(server.Models.Calls);

        request.Messages[0].Content = new string('a', 1000);
        var answer = await client.ChatAsync(request, headers, cancellationToken: Token);
        Assert.StartsWith("Hel", answer.Message.Content);
    }

    [Fact]
    public async Task A_bug_is_an_internal_error_that_tells_nothing()
    {
        await using var server = await ApiServer.StartAsync();
        server.Models.Bug = new InvalidOperationException("secret");
        using var channel = server.Open();
        var refusal = await Assert.ThrowsAsync<RpcException>(
            () => new InferenceService.InferenceServiceClient(channel).ChatAsync(
                Chat(), cancellationToken: Token).ResponseAsync);
        Assert.Equal(
            (StatusCode.Internal, "internal error", "INTERNAL"),
            (refusal.StatusCode, refusal.Status.Detail, Reason(refusal)));
    }

    [Fact]
    public async Task A_long_refusal_fits_into_the_trailers_of_every_client()
    {
        await using var server = await ApiServer.StartAsync();
        using var channel = server.Open();
        var refusal = await Assert.ThrowsAsync<RpcException>(
            () => new InferenceService.InferenceServiceClient(channel).ChatAsync(
                new ChatRequest { Model = new string('x', 1023) + "\U0001f600", Messages = { Hello } },
                cancellationToken: Token).ResponseAsync);
        Assert.Equal((StatusCode.InvalidArgument, "NAME_INVALID"), (refusal.StatusCode, Reason(refusal)));
        Assert.InRange(
            refusal.Trailers.Sum(entry => entry.IsBinary ? entry.ValueBytes.Length : entry.Value.Length), 1024, 4096);
    }

    private static ChatRequest Chat() => new() { Model = "test", Messages = { Hello } };

    private static string? Reason(RpcException refusal) => refusal.GetRpcStatus()?.GetDetail<ErrorInfo>()?.Reason;
}
