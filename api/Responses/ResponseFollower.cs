using Microsoft.Extensions.Options;
using Ollama.Platform.Api.Errors;
using Ollama.Platform.Api.GoJson;
using Ollama.Platform.Api.OpenAi;
using Ollama.Platform.Api.Responses.Wire;
using Ollama.Platform.Api.Routing;
using Ollama.Platform.Api.Streaming;

namespace Ollama.Platform.Api.Responses;

/// <summary>Sends the events of a kept response, those that were and those to come, to its end.</summary>
internal sealed class ResponseFollower(TimeProvider time, IOptions<ApiOptions> options)
{
    /// <summary>Writes the events from a number on.</summary>
    /// <exception cref="Contracts.Errors.ModelException">Some of them are no longer kept.</exception>
    public async Task WriteAsync(ApiRequest request, StoredResponse response, int from)
    {
        var kept = response.Events;
        var next = await kept.NextAsync(from, request.Aborted) ?? throw GoJsonErrors.Refuse(
            $"the events of this response are kept from number {kept.First} on");
        using var events = SseWriter.Start(request.Context.Response);
        try
        {
            while (next is { Count: > 0 })
            {
                foreach (var what in next)
                {
                    events.Write(what);
                }

                from += next.Count;
                await events.FlushAsync(request.Aborted);
                next = await WaitAsync(kept.NextAsync(from, request.Aborted), events, request.Aborted);
            }

            if (next is null)
            {
                // The client reads more slowly than the model writes.
                Write(events, from, new ErrorReply(0, "the next events are no longer kept"), "events_lost");
            }
        }
        catch (OperationCanceledException) when (request.IsCanceled)
        {
            // The stream was canceled and not the response.
            request.EndWork();
            Write(events, from, ErrorTable.Canceled, ResponseStatus.Cancelled);
        }

        await events.FlushAsync(request.Aborted);
    }

    // What waits shows a sign of life, so that no proxy takes the connection for dead.
    private async Task<IReadOnlyList<byte[]>?> WaitAsync(
        ValueTask<IReadOnlyList<byte[]>?> coming, SseWriter events, CancellationToken cancellationToken)
    {
        if (coming.IsCompleted)
        {
            return await coming;
        }

        var next = coming.AsTask();
        while (true)
        {
            try
            {
                return await next.WaitAsync(options.Value.HeartbeatInterval, time, cancellationToken);
            }
            catch (TimeoutException)
            {
                events.WriteHeartbeat();
                await events.FlushAsync(cancellationToken);
            }
        }
    }

    private static void Write(SseWriter events, int number, ErrorReply reply, string code) => events.Write(
        "error",
        new ErrorEvent
        {
            SequenceNumber = number,
            Code = code,
            Message = reply.Message,
            Error = OpenAiReplies.ToBody(reply).Error,
        },
        ResponsesJson.Default.ErrorEvent);
}
