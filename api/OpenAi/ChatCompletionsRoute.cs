using Microsoft.Extensions.Options;
using Ollama.Platform.Api.Ollama;
using Ollama.Platform.Api.OpenAi.Requests;
using Ollama.Platform.Api.OpenAi.Wire;
using Ollama.Platform.Api.Routing;
using Ollama.Platform.Api.Streaming;
using Ollama.Platform.Contracts.Models;

namespace Ollama.Platform.Api.OpenAi;

/// <summary><c>POST /v1/chat/completions</c>.</summary>
internal sealed class ChatCompletionsRoute(
    IModels models, AnswerStream answers, RequestLimits limits, TimeProvider time, IOptions<ApiOptions> options)
{
    /// <summary>Answers one request.</summary>
    public async Task HandleAsync(ApiRequest request)
    {
        var root = await request.ReadBodyAsync(options.Value.BodyBytesMax, OpenAiRoutes.NoBodyText);
        var body = ChatCompletionBody.Read(root);
        request.Model = body.Shared.Model;
        request.IsStream = body.Shared.Stream;
        var model = ModelReference.Parse(request.Model, RouteKind.Chat);
        var generation = body.Shared.ToRequest(GenerationKind.Chat, model.Text) with
        {
            Messages = body.Messages,
            Tools = body.Tools,
            ToolChoice = body.ToolChoice,
            CallsInPieces = body.Shared.Stream,
            Format = body.Format,
            Think = body.Think,
            Priority = request.Priority,
            Deadline = request.Deadline,
        };
        limits.Check(generation);
        var count = body.Shared.ChoiceCount;
        var wire = new ChatWire(CompletionHead.New("chatcmpl-", request.Model, time), count);
        var runs = new ChoiceRuns(models, generation, count);
        if (body.Shared.Stream)
        {
            await answers.WriteEventsAsync(request, runs.ReadAsync(request.Aborted), response =>
                new EventsWriter<ChatCompletion>(
                    response,
                    chunk => wire.ToEvents(runs.Index, chunk, body.Shared.UsageIncluded),
                    OpenAiJson.Default.ChatCompletion));
            return;
        }

        await OpenAiReplies.ReplyAsync(
            request, wire.ToWhole(await runs.ReadWholeAsync(request.Aborted)), OpenAiJson.Default.ChatCompletion);
    }
}
