using Microsoft.Extensions.Options;
using Ollama.Platform.Api.Ollama;
using Ollama.Platform.Api.OpenAi.Requests;
using Ollama.Platform.Api.OpenAi.Wire;
using Ollama.Platform.Api.Routing;
using Ollama.Platform.Contracts.Models;

namespace Ollama.Platform.Api.OpenAi;

/// <summary><c>POST /v1/embeddings</c>.</summary>
internal sealed class EmbeddingListRoute(IModels models, IOptions<ApiOptions> options)
{
    /// <summary>Answers one request.</summary>
    public async Task HandleAsync(ApiRequest request)
    {
        var body = EmbeddingListBody.Read(
            await request.ReadBodyAsync(options.Value.BodyBytesMax, OpenAiRoutes.NoBodyText));
        request.Model = body.Model;
        var model = ModelReference.Parse(body.Model, RouteKind.Embed);
        var inputs = body.Inputs();
        var result = await models.EmbedAsync(
            new EmbeddingRequest
            {
                Model = model.Text,
                Inputs = [.. inputs.Where(input => input.Tokens is null).Select(input => input.Text)],
                TokenInputs = [.. inputs.Select(input => input.Tokens).OfType<IReadOnlyList<int>>()],
                DimensionCount = body.Dimensions > 0 ? body.Dimensions : null,
                Priority = request.Priority,
                Deadline = request.Deadline,
            },
            request.Aborted);
        await OpenAiReplies.ReplyAsync(
            request,
            new EmbeddingList
            {
                Data = [.. result.Vectors.Select((vector, index) => new EmbeddingItem
                {
                    Embedding = new VectorWire(vector, body.IsBase64),
                    Index = index,
                })],
                Model = body.Model,
                Usage = new UsageWire
                {
                    PromptTokens = result.PromptTokenCount,
                    TotalTokens = result.PromptTokenCount,
                },
            },
            OpenAiJson.Default.EmbeddingList);
    }
}
