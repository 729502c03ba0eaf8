using Grpc.Core;
using Ollama.Platform.Api.GoJson;
using Ollama.Platform.Api.Grpc.Mapping;
using Ollama.Platform.Api.Ollama;
using Ollama.Platform.Api.Routing;
using Ollama.Platform.Contracts.Errors;
using Ollama.Platform.Contracts.Library;
using Ollama.Platform.Contracts.Models;
using Wire = Ollama.V1;

namespace Ollama.Platform.Api.Grpc.Calls;

/// <summary><c>ollama.v1.ModelService</c>.</summary>
internal sealed class ModelCalls(
    ILibrary library, IModelSupply supply, IModels models, IModelTransfers transfers, IModelCreation creation,
    IManifests manifests, ModelWatch watch)
    : Wire.ModelService.ModelServiceBase
{
    /// <inheritdoc/>
    public override async Task<Wire.ListModelsResponse> ListModels(
        Wire.ListModelsRequest request, ServerCallContext context)
    {
        var list = await library.ListAsync(GrpcCall.Of(context).Aborted);
        return new Wire.ListModelsResponse { Models = { list.Select(ModelMapping.ToWire) } };
    }

    /// <inheritdoc/>
    public override async Task<Wire.GetModelResponse> GetModel(Wire.GetModelRequest request, ServerCallContext context)
    {
        var model = ModelReference.Parse(request.Model, RouteKind.Show);
        var scope = new ReportRequest { ArraysIncluded = request.IncludeArrays };
        var report = await library.ShowAsync(model.Name, scope, GrpcCall.Of(context).Aborted)
            ?? throw new ModelException(ModelErrorCode.ModelNotFound, model.Text);
        return report.ToWire();
    }

    /// <inheritdoc/>
    public override async Task<Wire.ListRunningResponse> ListRunning(
        Wire.ListRunningRequest request, ServerCallContext context)
    {
        var loaded = await models.ListLoadedAsync(GrpcCall.Of(context).Aborted);
        return new Wire.ListRunningResponse { Models = { loaded.Select(ModelMapping.ToWire) } };
    }

    /// <inheritdoc/>
    public override async Task<Wire.LoadModelResponse> LoadModel(
        Wire.LoadModelRequest request, ServerCallContext context)
    {
        var aborted = GrpcCall.Of(context).Aborted;
        var model = ModelReference.Parse(request.Model, RouteKind.Chat);
        var options = OptionsReader.Read(request.Options, request.Model);
        var keepAlive = DurationReader.KeepAlive(request.KeepAlive, request.Model);
        var description = await supply.FindAsync(model.Name, aborted)
            ?? throw new ModelException(ModelErrorCode.ModelNotFound, model.Text);
        if (description.Capabilities.Contains(ModelCapability.Completion))
        {
            await models.LoadAsync(
                new LoadRequest
                {
                    Model = model.Text,
                    Kind = GenerationKind.Completion,
                    Options = options,
                    KeepAlive = keepAlive,
                },
                aborted);
        }
        else
        {
            // Without inputs nothing is computed: the model is loaded for what it can do.
            await models.EmbedAsync(
                new EmbeddingRequest { Model = model.Text, Inputs = [], Options = options, KeepAlive = keepAlive },
                aborted);
        }

        return new Wire.LoadModelResponse();
    }

    /// <inheritdoc/>
    public override async Task<Wire.UnloadModelResponse> UnloadModel(
        Wire.UnloadModelRequest request, ServerCallContext context)
    {
        var aborted = GrpcCall.Of(context).Aborted;
        var model = ModelReference.Parse(request.Model, RouteKind.Chat);
        if (await library.FindAsync(model.Name, aborted) is null)
        {
            throw new ModelException(ModelErrorCode.ModelNotFound, model.Text);
        }

        await models.UnloadAsync(model.Text, aborted);
        return new Wire.UnloadModelResponse();
    }

    /// <inheritdoc/>
    public override async Task<Wire.CopyModelResponse> CopyModel(
        Wire.CopyModelRequest request, ServerCallContext context)
    {
        var source = ParseName("source", request.Source);
        var destination = ParseName("destination", request.Destination);
        return await library.CopyAsync(source, destination, GrpcCall.Of(context).Aborted)
            ? new Wire.CopyModelResponse()
            : throw new ModelException(ModelErrorCode.ModelNotFound, request.Source);
    }

    /// <inheritdoc/>
    public override async Task<Wire.DeleteModelResponse> DeleteModel(
        Wire.DeleteModelRequest request, ServerCallContext context)
    {
        var name = ParseStored(request.Model);
        return await library.DeleteAsync(name, GrpcCall.Of(context).Aborted)
            ? new Wire.DeleteModelResponse()
            : throw new ModelException(ModelErrorCode.ModelNotFound, request.Model);
    }

    /// <inheritdoc/>
    public override Task PullModel(
        Wire.PullModelRequest request, IServerStreamWriter<Wire.Progress> responseStream, ServerCallContext context) =>
        WriteAsync(
            transfers.PullAsync(ParseStored(request.Model), request.Insecure, GrpcCall.Of(context).Aborted),
            responseStream);

    /// <inheritdoc/>
    public override async Task PushModel(
        Wire.PushModelRequest request, IServerStreamWriter<Wire.Progress> responseStream, ServerCallContext context)
    {
        var name = ParseName("model", request.Model);
        var aborted = GrpcCall.Of(context).Aborted;
        if (await manifests.FindAsync(name, aborted) is null)
        {
            throw new ModelException(ModelErrorCode.ModelNotFound, request.Model);
        }

        await WriteAsync(transfers.PushAsync(name, request.Insecure, aborted), responseStream);
    }

    /// <inheritdoc/>
    public override Task CreateModel(
        Wire.CreateModelRequest request,
        IServerStreamWriter<Wire.Progress> responseStream,
        ServerCallContext context) =>
        WriteAsync(
            creation.CreateAsync(CreationReader.Read(request), GrpcCall.Of(context).Aborted), responseStream);

    /// <inheritdoc/>
    public override async Task WatchModels(
        Wire.WatchModelsRequest request, IServerStreamWriter<Wire.ModelEvent> responseStream, ServerCallContext context)
    {
        ModelsSeen? before = null;
        await foreach (var seen in watch.FollowAsync(GrpcCall.Of(context).Aborted))
        {
            if (before is null)
            {
                // Whoever has the headers misses nothing that changes from then on.
                await context.WriteResponseHeadersAsync([]);
                before = request.IncludeCurrent ? ModelsSeen.Nothing : seen;
            }

            foreach (var change in seen.Since(before))
            {
                await responseStream.WriteAsync(change);
            }

            before = seen;
        }
    }

    private static async Task WriteAsync(
        IAsyncEnumerable<TransferProgress> steps, IServerStreamWriter<Wire.Progress> stream)
    {
        await foreach (var step in steps)
        {
            await stream.WriteAsync(step.ToWire());
        }
    }

    private static ModelName ParseStored(string model) =>
        string.IsNullOrWhiteSpace(model)
            ? throw new ModelException(ModelErrorCode.RequestInvalid, model, "model is required")
            : ModelReference.ParseStored(model) ?? throw new ModelException(ModelErrorCode.NameInvalid, model);

    private static ModelName ParseName(string field, string text) => ModelName.TryParse(text, out var name)
        ? name
        : throw new ModelException(ModelErrorCode.RequestInvalid, text, $"{field} {GoText.Quote(text)} is invalid");
}
