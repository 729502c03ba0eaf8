using Grpc.Core;
using Grpc.Core.Interceptors;
using Ollama.Platform.Api.Routing;

namespace Ollama.Platform.Api.Grpc.Calls;

/// <summary>
/// Stands around every call: gives it its id, lets it be canceled by that, and turns what was thrown into a status.
/// </summary>
internal sealed class CallGuard(RunningRequests requests, GrpcRefusals refusals) : Interceptor
{
    /// <inheritdoc/>
    public override Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation) =>
        AroundAsync(context, request, () => continuation(request, context));

    /// <inheritdoc/>
    public override Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request,
        IServerStreamWriter<TResponse> responseStream,
        ServerCallContext context,
        ServerStreamingServerMethod<TRequest, TResponse> continuation) =>
        AroundAsync(context, request, () => DoneAsync(continuation(request, responseStream, context)));

    /// <inheritdoc/>
    public override Task<TResponse> ClientStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream,
        ServerCallContext context,
        ClientStreamingServerMethod<TRequest, TResponse> continuation) =>
        AroundAsync(context, null, () => continuation(requestStream, context));

    /// <inheritdoc/>
    public override Task DuplexStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream,
        IServerStreamWriter<TResponse> responseStream,
        ServerCallContext context,
        DuplexStreamingServerMethod<TRequest, TResponse> continuation) =>
        AroundAsync(context, null, () => DoneAsync(continuation(requestStream, responseStream, context)));

    private async Task<T> AroundAsync<T>(ServerCallContext context, object? message, Func<Task<T>> run)
    {
        var call = new GrpcCall(context);
        context.GetHttpContext().Features.Get<MessageArrival>()?.End();
        try
        {
            call.Enter(requests, message);
            return await run();
        }
        catch (Exception failure)
        {
            throw refusals.Translate(failure, call);
        }
        finally
        {
            call.Running?.Dispose();
        }
    }

    private static async Task<bool> DoneAsync(Task run)
    {
        await run;
        return true;
    }
}
