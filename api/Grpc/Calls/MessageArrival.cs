using System.IO.Pipelines;
using Grpc.AspNetCore.Server;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace Ollama.Platform.Api.Grpc.Calls;

/// <summary>
/// Waits for the one message of a call. The framework's own limit is a rate, and whoever falls below it loses the whole
/// connection: one call that is left open would end all others on it. Any thread.
/// </summary>
internal sealed class MessageArrival : IDisposable
{
    /// <summary>How long it may take; a message of the greatest length needs 2 Mbit/s.</summary>
    public static readonly TimeSpan TimeMax = TimeSpan.FromMinutes(5);

    private readonly Lock _turn = new();
    private readonly ITimer _timer;
    private PipeReader? _body;

    private MessageArrival(PipeReader body, TimeProvider time)
    {
        _body = body;
        _timer = time.CreateTimer(_ => GiveUp(), null, TimeMax, Timeout.InfiniteTimeSpan);
    }

    /// <summary>It did not come in time.</summary>
    public bool IsLate { get; private set; }

    /// <summary>Begins to wait; null for a call that reads a stream of messages, which may take as long as it likes.
    /// </summary>
    public static MessageArrival? Begin(HttpContext context, TimeProvider time)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<GrpcMethodMetadata>()?.Method.Type
            is not (MethodType.Unary or MethodType.ServerStreaming))
        {
            return null;
        }

        if (context.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } rate)
        {
            rate.MinDataRate = null;
        }

        var arrival = new MessageArrival(context.Request.BodyReader, time);
        context.Features.Set(arrival);
        return arrival;
    }

    /// <summary>The message is there, or nobody waits any more.</summary>
    public void End()
    {
        lock (_turn)
        {
            // The reader may belong to another request from now on.
            _body = null;
        }

        _timer.Dispose();
    }

    public void Dispose() => End();

    private void GiveUp()
    {
        lock (_turn)
        {
            IsLate = _body is not null;
            _body?.CancelPendingRead();
        }
    }
}
