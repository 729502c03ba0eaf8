using System.Threading.Channels;
using Grpc.Core;
using Ollama.Platform.Contracts.Errors;
using Ollama.Platform.Contracts.Models;
using Wire = Ollama.V1;

namespace Ollama.Platform.Api.Grpc.Calls;

/// <summary>
/// One stream of texts to embed. A text takes a place from when it is read until its result is on the wire; while there
/// is none, nothing is read, so that HTTP/2's flow control holds the sender. Reading and writing are two tasks of one
/// call.
/// </summary>
internal sealed class EmbedStreamRun(
    IModels models, EmbeddingRequest template, Func<float[], Wire.Embedding> encode, int inFlightMax, GrpcCall call,
    CancellationToken stopping)
{
    private readonly Channel<Wire.EmbedStreamResponse> _results =
        Channel.CreateBounded<Wire.EmbedStreamResponse>(inFlightMax);

    /// <summary>Reads to the end and answers every item.</summary>
    public async Task RunAsync(
        IAsyncStreamReader<Wire.EmbedStreamRequest> items, IServerStreamWriter<Wire.EmbedStreamResponse> results)
    {
        using var places = new SemaphoreSlim(inFlightMax);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(call.Aborted);
        var reading = ReadAsync(items, places, stop.Token);
        try
        {
            await foreach (var result in _results.Reader.ReadAllAsync(call.Aborted))
            {
                await results.WriteAsync(result);
                places.Release();
            }
        }
        finally
        {
            await stop.CancelAsync();
            await reading;
        }
    }

    /// <summary>Never throws: what went wrong reaches the writer through the channel.</summary>
    private async Task ReadAsync(
        IAsyncStreamReader<Wire.EmbedStreamRequest> items, SemaphoreSlim places, CancellationToken cancellationToken)
    {
        var running = new List<Task>();
        Exception? failure = null;

        // A stream without end must not hold up a server that stops; what was read is still answered.
        using var taking = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, stopping);
        try
        {
            await places.WaitAsync(taking.Token);
            while (await items.MoveNext(taking.Token))
            {
                var item = items.Current.Item ?? throw new ModelException(
                    ModelErrorCode.RequestInvalid, template.Model, "all messages behind the settings must be items");
                running.RemoveAll(task => task.IsCompleted);
                running.Add(EmbedAsync(item, cancellationToken));
                await places.WaitAsync(taking.Token);
            }
        }
        catch (OperationCanceledException) when (
            stopping.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            failure = new ModelException(ModelErrorCode.ShuttingDown, template.Model);
        }
        catch (Exception caught)
        {
            failure = caught;
            _results.Writer.TryComplete(failure);
        }

        await Task.WhenAll(running);
        _results.Writer.TryComplete(failure);
    }

    private async Task EmbedAsync(Wire.EmbedItem item, CancellationToken cancellationToken)
    {
        try
        {
            var result = await models.EmbedAsync(ToRequest(item), cancellationToken);
            _results.Writer.TryWrite(new Wire.EmbedStreamResponse
            {
                Id = item.Id,
                PromptTokens = result.PromptTokenCount,
                Embedding = encode(result.Vectors[0]),
            });
        }
        catch (ModelException refusal) when (IsOfItem(refusal.Refusal.Code))
        {
            var (reply, message) = GrpcRefusals.Read(refusal, call);
            _results.Writer.TryWrite(new Wire.EmbedStreamResponse
            {
                Id = item.Id,
                Error = new Wire.ItemError { Code = (int)reply.Status, Reason = reply.Reason, Message = message },
            });
        }
        catch (Exception failure)
        {
            // The same would befall all that follow.
            _results.Writer.TryComplete(failure);
        }
    }

    private EmbeddingRequest ToRequest(Wire.EmbedItem item) =>
        item.Tokens.Count == 0 ? template with { Inputs = [item.Input] }
        : item.Input.Length == 0 ? template with { TokenInputs = [item.Tokens] }
        : throw new ModelException(
            ModelErrorCode.RequestInvalid, template.Model, "an item has either input or tokens");

    // The settings have been tried before the first item: what is invalid from then on is an item.
    private static bool IsOfItem(ModelErrorCode code) => code is ModelErrorCode.InputTooLong
        or ModelErrorCode.EmbeddingNotFinite or ModelErrorCode.QueueFull or ModelErrorCode.RequestInvalid;
}
