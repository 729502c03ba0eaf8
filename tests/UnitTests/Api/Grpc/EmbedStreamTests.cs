using System.Collections.Concurrent;
using Grpc.Core;
using Ollama.Platform.Contracts.Errors;
using Ollama.Platform.Contracts.Models;
using Ollama.Platform.UnitTests.Api.Serving;
using Ollama.V1;

namespace Ollama.Platform.UnitTests.Api.Grpc;

public sealed class EmbedStreamTests
{
    private static readonly EmbeddingResult Result = new() { Vectors = [[0.5f, -1]], PromptTokenCount = 3 };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task No_more_items_are_under_way_than_were_asked_for()
    {
        await using var server = await ApiServer.StartAsync();
        var waiting = new ConcurrentQueue<(string Text, TaskCompletionSource<EmbeddingResult> Answer)>();
        var arrived = new SemaphoreSlim(0);
        server.Models.Embeds = async (request, cancellationToken) =>
        {
            var answer = new TaskCompletionSource<EmbeddingResult>(TaskCreationOptions.RunContinuationsAsynchronously);
            waiting.Enqueue((request.Inputs[0], answer));
            arrived.Release();
            return await answer.Task.WaitAsync(cancellationToken);
        };
        using var channel = server.Open();
        using var call = new EmbeddingService.EmbeddingServiceClient(channel).EmbedStream(cancellationToken: Token);
        await SendAsync(call, new EmbedSettings { Model = "someone/embedder", InFlightMax = 2 });
        for (var number = 0; number < 5; number++)
        {
            await SendAsync(call, $"{number}");
        }

        await call.RequestStream.CompleteAsync();
        await arrived.WaitAsync(Token);
        await arrived.WaitAsync(Token);
        var answered = new List<string>();
        while (answered.Count < 5)
        {
            // The two that are under way, and none of those behind them.
            Assert.Equal(Math.Min(2, 5 - answered.Count), waiting.Count);
            Assert.True(waiting.TryDequeue(out var item));
            item.Answer.SetResult(Result);
            Assert.True(await call.ResponseStream.MoveNext(Token));
            answered.Add(call.ResponseStream.Current.Id);
            Assert.Equal([0.5f, -1], call.ResponseStream.Current.Embedding.Values);
            if (answered.Count <= 3)
            {
                await arrived.WaitAsync(Token);
            }
        }

        Assert.False(await call.ResponseStream.MoveNext(Token));
        Assert.Equal(["0", "1", "2", "3", "4"], answered);
    }

    [Fact]
    public async Task An_item_that_cannot_be_embedded_does_not_end_the_stream()
    {
        await using var server = await ApiServer.StartAsync();
        server.Models.Embeds = (request, _) => request.Inputs[0] == "long"
            ? throw new ModelException(ModelErrorCode.InputTooLong, request.Model)
            : Task.FromResult(Result);
        using var channel = server.Open();
        using var call = new EmbeddingService.EmbeddingServiceClient(channel).EmbedStream(cancellationToken: Token);
        await SendAsync(call, new EmbedSettings { Model = "someone/embedder", Encoding = EmbeddingEncoding.Bytes });
        await SendAsync(call, "long");
        Assert.True(await call.ResponseStream.MoveNext(Token));
        Assert.Equal(
            new ItemError
            {
                Code = (int)StatusCode.OutOfRange,
                Reason = "INPUT_TOO_LONG",
                Message = "the input length exceeds the context length",
            },
            call.ResponseStream.Current.Error);
        await SendAsync(call, "short");
        Assert.True(await call.ResponseStream.MoveNext(Token));
        Assert.Equal(8, call.ResponseStream.Current.Embedding.Data.Length);
        await call.RequestStream.CompleteAsync();
        Assert.False(await call.ResponseStream.MoveNext(Token));
    }

    [Fact]
    public async Task What_no_item_could_change_ends_the_stream()
    {
        await using var server = await ApiServer.StartAsync();
        server.Models.Embeds = (request, _) => throw new ModelException(ModelErrorCode.RunnerStopped, request.Model);
        using var channel = server.Open();
        using var call = new EmbeddingService.EmbeddingServiceClient(channel).EmbedStream(cancellationToken: Token);
        await SendAsync(call, new EmbedSettings { Model = "someone/embedder" });
        await SendAsync(call, "any");
        var refusal = await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext(Token));
        Assert.Equal(StatusCode.Aborted, refusal.StatusCode);
    }

    [Fact]
    public async Task A_client_that_leaves_ends_what_is_under_way()
    {
        await using var server = await ApiServer.StartAsync();
        var (began, ended) = (new TaskCompletionSource(), new TaskCompletionSource());
        server.Models.Embeds = async (_, cancellationToken) =>
        {
            began.SetResult();
            await using var left = cancellationToken.Register(ended.SetResult);
            await new TaskCompletionSource().Task.WaitAsync(cancellationToken);
            return Result;
        };
        using var channel = server.Open();
        var call = new EmbeddingService.EmbeddingServiceClient(channel).EmbedStream(cancellationToken: Token);
        await SendAsync(call, new EmbedSettings { Model = "someone/embedder" });
        await SendAsync(call, "any");
        await began.Task.WaitAsync(Token);
        call.Dispose();
        await ended.Task.WaitAsync(Token);
    }

    private static Task SendAsync(
        AsyncDuplexStreamingCall<EmbedStreamRequest, EmbedStreamResponse> call, EmbedSettings settings) =>
        call.RequestStream.WriteAsync(new EmbedStreamRequest { Settings = settings }, Token);

    private static Task SendAsync(
        AsyncDuplexStreamingCall<EmbedStreamRequest, EmbedStreamResponse> call, string text) =>
        call.RequestStream.WriteAsync(
            new EmbedStreamRequest { Item = new EmbedItem { Id = text, Input = text } }, Token);
}
