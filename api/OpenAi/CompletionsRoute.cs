using Microsoft.Extensions.Options;
using Ollama.Platform.Api.Ollama;
using Ollama.Platform.Api.OpenAi.Requests;
using Ollama.Platform.Api.OpenAi.Wire;
using Ollama.Platform.Api.Routing;
using Ollama.Platform.Api.Streaming;
using Ollama.Platform.Contracts.Models;

namespace Ollama.Platform.Api.OpenAi;

/// <summary><c>POST /v1/completions</c>: the model's template applies, as on <c>/api/generate</c>.</summary>
internal sealed class CompletionsRoute(
    IModels models, AnswerStream answers, TimeProvider time, IOptions<ApiOptions> options)
{
    /// <summary>Answers one request. Without a prompt it only loads the model.</summary>
    public async Task HandleAsync(ApiRequest request)
    {
        var root = await request.ReadBodyAsync(options.Value.BodyBytesMax, OpenAiRoutes.NoBodyText);
        var body = CompletionBody.Read(root);
        request.Model = body.Shared.Model;
        request.IsStream = body.Shared.Stream;
        var model = ModelReference.Parse(request.Model, RouteKind.Generate);
        var count = body.Shared.ChoiceCount;
        var wire = new CompletionWire(
            CompletionHead.New("cmpl-", request.Model, time), count, body.Echo ? body.Prompt : "");
        if (body.Prompt.Length == 0)
        {
            await LoadAsync(request, model, body, wire.Loaded());
            return;
        }

        var generation = body.Shared.ToRequest(GenerationKind.Completion, model.Text) with
        {
            Prompt = body.Prompt,
            Suffix = WireMapping.OrNull(body.Suffix),
            Priority = request.Priority,
        };
        var runs = new ChoiceRuns(models, generation, count);
        if (body.Shared.Stream)
        {
            await answers.WriteEventsAsync(request, runs.ReadAsync(request.Aborted), response =>
                new EventsWriter<TextCompletion>(
                    response,
                    chunk => wire.ToEvents(runs.Index, chunk, body.Shared.UsageIncluded),
                    OpenAiJson.Default.TextCompletion));
            return;
        }

        await OpenAiReplies.ReplyAsync(
            request, wire.ToWhole(await runs.ReadWholeAsync(request.Aborted)), OpenAiJson.Default.TextCompletion);
    }

    private async Task LoadAsync(
        ApiRequest request, ModelReference model, CompletionBody body, TextCompletion loaded)
    {
        await models.LoadAsync(
            new LoadRequest
            {
                Model = model.Text,
                Kind = GenerationKind.Completion,
                Options = body.Shared.ToOptions(),
            },
            request.Aborted);
        if (!body.Shared.Stream)
        {
            await OpenAiReplies.ReplyAsync(request, loaded, OpenAiJson.Default.TextCompletion);
            return;
        }

        using var events = SseWriter.Start(request.Context.Response);
        events.Write(loaded, OpenAiJson.Default.TextCompletion);
        events.WriteDone();
        await events.FlushAsync(request.Aborted);
    }
}
