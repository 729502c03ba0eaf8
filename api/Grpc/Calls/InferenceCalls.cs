using Grpc.Core;
using Ollama.Platform.Api.Errors;
using Ollama.Platform.Api.GoJson;
using Ollama.Platform.Api.Grpc.Mapping;
using Ollama.Platform.Api.Routing;
using Wire = Ollama.V1;

namespace Ollama.Platform.Api.Grpc.Calls;

/// <summary><c>ollama.v1.InferenceService</c>.</summary>
internal sealed class InferenceCalls(AnswerRuns runs, RunningRequests requests, TimeProvider time)
    : Wire.InferenceService.InferenceServiceBase
{
    /// <inheritdoc/>
    public override async Task<Wire.GenerateResponse> Generate(Wire.GenerateRequest request, ServerCallContext context)
    {
        var call = GrpcCall.Of(context);
        var answer = await runs.ReadAsync(GenerationReader.Read(request, call), call);
        return Mapping(call).ToGenerate(answer);
    }

    /// <inheritdoc/>
    public override Task GenerateStream(
        Wire.GenerateRequest request, IServerStreamWriter<Wire.GenerateChunk> responseStream, ServerCallContext context)
    {
        var call = GrpcCall.Of(context);
        var form = new ChunkForm<Wire.GenerateChunk>(
            Mapping(call).ToGenerateChunk, AnswerMapping.ToGenerateHeartbeat,
            DurationReader.Heartbeat(request.HeartbeatPeriod, request.Model));
        return runs.StreamAsync(GenerationReader.Read(request, call), call, context, responseStream, form);
    }

    /// <inheritdoc/>
    public override async Task<Wire.ChatResponse> Chat(Wire.ChatRequest request, ServerCallContext context)
    {
        var call = GrpcCall.Of(context);
        var answer = await runs.ReadAsync(GenerationReader.Read(request, call), call);
        return Mapping(call).ToChat(answer);
    }

    /// <inheritdoc/>
    public override Task ChatStream(
        Wire.ChatRequest request, IServerStreamWriter<Wire.ChatChunk> responseStream, ServerCallContext context)
    {
        var call = GrpcCall.Of(context);
        var form = new ChunkForm<Wire.ChatChunk>(
            Mapping(call).ToChatChunk, AnswerMapping.ToChatHeartbeat,
            DurationReader.Heartbeat(request.HeartbeatPeriod, request.Model));
        return runs.StreamAsync(GenerationReader.Read(request, call), call, context, responseStream, form);
    }

    /// <inheritdoc/>
    public override async Task<Wire.CancelResponse> Cancel(Wire.CancelRequest request, ServerCallContext context)
    {
        if (request.RequestId.Length == 0)
        {
            throw GoJsonErrors.Refuse("request_id is required");
        }

        var count = await requests.CancelAsync(request.RequestId, GrpcCall.Of(context).Running);
        return count > 0
            ? new Wire.CancelResponse { Canceled = count }
            : throw new ApiException(ApiErrorCode.RequestNotFound, request.RequestId);
    }

    private AnswerMapping Mapping(GrpcCall call) => new(call.Model, call.Id, time);
}
