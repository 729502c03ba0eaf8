using Microsoft.Extensions.Options;
using Ollama.Platform.Api.Ollama.Requests;
using Ollama.Platform.Api.Ollama.Wire;
using Ollama.Platform.Api.Routing;
using Ollama.Platform.Api.Streaming;
using Ollama.Platform.Contracts.Models;

namespace Ollama.Platform.Api.Ollama;

/// <summary><c>POST /api/embeddings</c>: one text, never cut, its vector as the model gives it.</summary>
internal sealed class EmbeddingsRoute(IModels models, IOptions<ApiOptions> options)
{
    /// <summary>Answers one request. Without a prompt it only loads the model.</summary>
    public async Task HandleAsync(ApiRequest request)
    {
        var body = EmbedBody.ReadLegacy(await request.ReadBodyAsync(options.Value.BodyBytesMax));
        request.Model = body.Model;
        var model = ModelReference.Parse(body.Model, RouteKind.Embeddings);
        var result = await models.EmbedAsync(
            new EmbeddingRequest
            {
                Model = model.Text,
                Inputs = body.Prompt.Length == 0 ? [] : [body.Prompt],
                Truncate = false,
                Normalize = false,
                Options = body.Options,
                KeepAlive = body.KeepAlive,
                Priority = request.Priority,
                Deadline = request.Deadline,
            },
            request.Aborted);
        var vector = result.Vectors.Count > 0 ? result.Vectors[0] : [];
        var reply = new EmbeddingsReply([.. vector.Select(component => (double)component)]);
        if (request.Olla is not null)
        {
            reply = reply with
            {
                Model = body.Model,
                TotalDuration = WireTime.Nanoseconds(result.TotalDuration),
                LoadDuration = WireTime.Nanoseconds(result.LoadDuration),
                PromptEvalCount = result.PromptTokenCount,
            };
        }

        await request.ReplyAsync(reply, WireJson.Default.EmbeddingsReply);
    }
}
