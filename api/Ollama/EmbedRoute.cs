using Microsoft.Extensions.Options;
using Ollama.Platform.Api.Ollama.Requests;
using Ollama.Platform.Api.Ollama.Wire;
using Ollama.Platform.Api.Routing;
using Ollama.Platform.Api.Streaming;
using Ollama.Platform.Contracts.Models;

namespace Ollama.Platform.Api.Ollama;

/// <summary><c>POST /api/embed</c>.</summary>
internal sealed class EmbedRoute(IModels models, IOptions<ApiOptions> options)
{
    /// <summary>Answers one request. Without inputs it only loads the model.</summary>
    public async Task HandleAsync(ApiRequest request)
    {
        var body = EmbedBody.Read(await request.ReadBodyAsync(options.Value.BodyBytesMax));
        request.Model = body.Model;
        var model = ModelReference.Parse(body.Model, RouteKind.Embed);
        var inputs = body.Inputs();
        var result = await models.EmbedAsync(
            new EmbeddingRequest
            {
                Model = model.Text,
                Inputs = inputs,
                Truncate = body.Truncate,
                DimensionCount = body.Dimensions > 0 ? body.Dimensions : null,
                Options = body.Options,
                KeepAlive = body.KeepAlive,
                Priority = request.Priority,
                Deadline = request.Deadline,
            },
            request.Aborted);
        var reply = new EmbedReply { Model = body.Model, Embeddings = result.Vectors };
        await request.ReplyAsync(
            inputs.Count == 0
                ? reply
                : reply with
                {
                    TotalDuration = WireTime.Nanoseconds(result.TotalDuration),
                    LoadDuration = WireTime.Nanoseconds(result.LoadDuration),
                    PromptEvalCount = result.PromptTokenCount,
                },
            WireJson.Default.EmbedReply);
    }
}
