using System.Globalization;
using Google.Protobuf;
using Grpc.Core;
using Ollama.Platform.Api.Routing;
using Ollama.Platform.Contracts.Errors;
using Ollama.Platform.Contracts.Models;

namespace Ollama.Platform.Api.Grpc.Calls;

/// <summary>
/// What a call says beside its message, and what refusing it needs to know. Lives on the call's task.
/// </summary>
internal sealed class GrpcCall(ServerCallContext context)
{
    // Timers go off a little early, and clocks of two machines differ.
    private static readonly TimeSpan DeadlineSlack = TimeSpan.FromMilliseconds(50);

    private static readonly object Key = new();

    private RunningRequest? _running;

    /// <summary>Service and method, with slashes.</summary>
    public string Method => context.Method;

    /// <summary>The kind of route whose words apply.</summary>
    public RouteKind Route { get; } = RouteOf(context.Method);

    /// <summary>The model as the client wrote it; empty where none is named.</summary>
    public string Model { get; private set; } = "";

    /// <summary>The id of the call.</summary>
    public string Id => _running?.Id ?? "";

    /// <summary>This call among those that run.</summary>
    public RunningRequest? Running => _running;

    /// <summary>
    /// Ends when the client leaves, when its deadline is over, or when the call was canceled by its id.
    /// </summary>
    public CancellationToken Aborted => _running?.Token ?? context.CancellationToken;

    /// <summary>Ends when the client leaves or its deadline is over.</summary>
    public CancellationToken ClientLeft => context.CancellationToken;

    /// <summary>The time that the client gave is over. It is the library's clock that counts, not ours.</summary>
    public bool IsOverdue =>
        context.Deadline != DateTime.MaxValue
        && TimeProvider.System.GetUtcNow().UtcDateTime > context.Deadline - DeadlineSlack;

    /// <summary>The call was canceled by its id.</summary>
    public bool IsCanceled => _running?.IsCanceled == true;

    /// <summary>The call that a context belongs to.</summary>
    public static GrpcCall Of(ServerCallContext context) => (GrpcCall)context.UserState[Key];

    /// <summary>Settles the id, which the answer repeats, and lets the call be canceled by it.</summary>
    /// <param name="requests">The requests that run.</param>
    /// <param name="message">The request, where there is just one.</param>
    /// <exception cref="Errors.ApiException">The id is none.</exception>
    public void Enter(RunningRequests requests, object? message)
    {
        context.UserState[Key] = this;
        Name(message);
        _running = requests.Enter(RequestId.Settle(context.GetHttpContext()), context.CancellationToken);
    }

    /// <summary>Remembers the model that a message names.</summary>
    public void Name(object? message)
    {
        if (message is IMessage { Descriptor: var descriptor }
            && (descriptor.FindFieldByName("model") ?? descriptor.FindFieldByName("source")) is { } field)
        {
            Model = field.Accessor.GetValue((IMessage)message) as string ?? "";
        }
    }

    /// <summary>The priority of the call: the higher goes first.</summary>
    /// <exception cref="ModelException">It is no whole number, or out of range.</exception>
    public int Priority() =>
        PriorityHeader.Read(context.GetHttpContext().Request.Headers[PriorityHeader.Name].ToString(), Model);

    /// <summary>The time that the client waits from now on; null for ever.</summary>
    public TimeSpan? Deadline() =>
        CallTimeout.Parse(context.GetHttpContext().Request.Headers[CallTimeout.Header].ToString());

    /// <summary>Tells what the run cost in trailers, where proxies and clients of any language find it.</summary>
    public void Tell(GenerationUsage? usage)
    {
        if (usage is not null)
        {
            AddTime("x-load-ns", usage.LoadDuration);
            AddTime("x-queue-wait-ns", usage.QueueWait);
        }
    }

    private void AddTime(string key, TimeSpan time) => context.ResponseTrailers.Add(
        key, Streaming.WireTime.Nanoseconds(time).ToString(CultureInfo.InvariantCulture));

    private static RouteKind RouteOf(string method) => method[(method.LastIndexOf('/') + 1)..] switch
    {
        "Generate" or "GenerateStream" => RouteKind.Generate,
        "Chat" or "ChatStream" => RouteKind.Chat,
        "Embed" or "EmbedStream" => RouteKind.Embed,
        "GetModel" => RouteKind.Show,
        "CopyModel" => RouteKind.Copy,
        "DeleteModel" => RouteKind.Delete,
        "CreateModel" => RouteKind.Create,
        "PullModel" => RouteKind.Pull,
        "PushModel" => RouteKind.Push,
        _ => RouteKind.Plain,
    };
}
