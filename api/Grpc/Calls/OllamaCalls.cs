using Grpc.Core;
using Wire = Ollama.V1;

namespace Ollama.Platform.Api.Grpc.Calls;

/// <summary><c>ollama.Ollama</c>: the most used calls of the other services under one name.</summary>
internal sealed class OllamaCalls(InferenceCalls inference, EmbeddingCalls embedding, ModelCalls models)
    : Wire.Single.Ollama.OllamaBase
{
    /// <inheritdoc/>
    public override Task<Wire.EmbedResponse> Embed(Wire.EmbedRequest request, ServerCallContext context) =>
        embedding.Embed(request, context);

    /// <inheritdoc/>
    public override Task Generate(
        Wire.GenerateRequest request,
        IServerStreamWriter<Wire.GenerateChunk> responseStream,
        ServerCallContext context) =>
        inference.GenerateStream(request, responseStream, context);

    /// <inheritdoc/>
    public override Task Chat(
        Wire.ChatRequest request, IServerStreamWriter<Wire.ChatChunk> responseStream, ServerCallContext context) =>
        inference.ChatStream(request, responseStream, context);

    /// <inheritdoc/>
    public override Task<Wire.ListModelsResponse> ListModels(
        Wire.ListModelsRequest request, ServerCallContext context) =>
        models.ListModels(request, context);

    /// <inheritdoc/>
    public override Task PullModel(
        Wire.PullModelRequest request, IServerStreamWriter<Wire.Progress> responseStream, ServerCallContext context) =>
        models.PullModel(request, responseStream, context);
}
