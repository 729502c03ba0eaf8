using Microsoft.Extensions.Options;
using Ollama.Platform.Api.Errors;
using Ollama.Platform.Api.Ollama;
using Ollama.Platform.Api.OpenAi.Requests;
using Ollama.Platform.Api.OpenAi.Wire;
using Ollama.Platform.Api.Streaming;
using Ollama.Platform.Contracts.Models;

namespace Ollama.Platform.Api.OpenAi;

/// <summary><c>POST /v1/chat/completions</c>.</summary>
internal sealed class ChatCompletionsRoute(
    IModels models, AnswerStream answers, TimeProvider time, IOptions<ApiOptions> options)
{
    /// <summary>Answers one request.</summary>
    public async Task HandleAsync(OllamaRequest request)
    {
        var root = await request.ReadBodyAsync(options.Value.BodyBytesMax, OpenAiRoutes.NoBodyText);
        var body = ChatCompletionBody.Read(root);
        request.Model = body.Shared.Model;
        request.IsStream = body.Shared.Stream;
        var model = ModelReference.Parse(request.Model, OllamaRouteKind.Chat);
        var generation = body.Shared.ToRequest(GenerationKind.Chat, model.Text) with
        {
            Messages = body.Messages,
            Tools = body.Tools,
            Format = body.Format,
            Think = body.Think,
        };
        var wire = new ChatWire(CompletionHead.New("chatcmpl-", request.Model, time), body.ManyCalls);
        var chunks = models.GenerateAsync(generation, request.Aborted);
        if (body.Shared.Stream)
        {
            await answers.WriteAsync(request, chunks, response => new EventsWriter<ChatCompletion>(
                response, chunk => wire.ToEvents(chunk, body.Shared.UsageIncluded), OpenAiJson.Default.ChatCompletion));
            return;
        }

        var answer = await WholeAnswer.ReadAsync(chunks, request.Aborted);
        await OpenAiReplies.ReplyAsync(
            request, wire.ToWhole(answer.ToChunk(callsCollected: true)), OpenAiJson.Default.ChatCompletion);
    }
}
