using System.Text.Json;
using Microsoft.Extensions.Options;
using Ollama.Platform.Api.GoJson;
using Ollama.Platform.Api.Ollama;
using Ollama.Platform.Api.OpenAi;
using Ollama.Platform.Api.Responses.Requests;
using Ollama.Platform.Api.Responses.Wire;
using Ollama.Platform.Api.Routing;
using Ollama.Platform.Api.Streaming;
using Ollama.Platform.Contracts.Errors;
using Ollama.Platform.Contracts.Models;

namespace Ollama.Platform.Api.Responses;

/// <summary><c>POST /v1/responses</c>.</summary>
internal sealed class ResponsesRoute(
    IModels models, RequestLimits limits, AnswerStream answers, ResponseStore store, ResponseArchive archive,
    ResponseRuns runs, BackgroundResponses background, ResponseFollower follower, TimeProvider time,
    IOptions<ApiOptions> options)
{
    /// <summary>Answers one request.</summary>
    public async Task HandleAsync(ApiRequest request)
    {
        var (body, items, generation) = await ReadAsync(request);
        request.IsStream = body.Stream;

        // The answer to a line of a batch lies in a file; kept here, thousands of them would push out everybody's.
        var kept = body.Store && store.IsOn && !request.IsOfBatch;
        var response = body.Echo.ToWire(
            ResponseIds.Response(), time.GetUtcNow().ToUnixTimeSeconds(), ResponseStatus.InProgress, body.Model, kept);
        if (body.Echo.Background)
        {
            response = response with { Status = ResponseStatus.Queued };
            await StartAsync(request, body, generation, response, items);
            return;
        }

        var chunks = runs.RunAsync(generation, request.Aborted);
        if (body.Stream)
        {
            await StreamAsync(request, chunks, response, kept ? store.Create(response, items) : null);
        }
        else
        {
            await AnswerAsync(request, chunks, response, kept ? items : null);
        }
    }

    /// <summary>
    /// <c>POST /v1/responses/input_tokens</c>: counts the tokens of the same request. Loads the model, whose vocabulary
    /// decides.
    /// </summary>
    public async Task CountAsync(ApiRequest request)
    {
        var (_, _, generation) = await ReadAsync(request);

        // Nothing is no prompt, of which templates would make something.
        var count = generation.Messages.Count == 0 ? 0 : await models.CountTokensAsync(generation, request.Aborted);
        await OpenAiReplies.ReplyAsync(request, new InputTokensWire(count), ResponsesJson.Default.InputTokensWire);
    }

    private async Task<(ResponsesBody Body, IReadOnlyList<JsonElement> Items, GenerationRequest Generation)> ReadAsync(
        ApiRequest request)
    {
        var body = ResponsesBody.Read(
            await request.ReadBodyAsync(options.Value.BodyBytesMax, OpenAiRoutes.NoBodyText));
        request.Model = body.Model;
        var model = ModelReference.Parse(body.Model, RouteKind.Responses);
        if (body.NeedsKept)
        {
            await archive.LoadedAsync(request.Aborted);
        }

        var (before, input) = store.Resolve(body.Echo.PreviousResponseId, body.Input);
        var generation = ResponseRuns.ToRequest(body, model, before, input, request.Priority) with
        {
            Deadline = request.Deadline,
        };
        limits.Check(generation);
        return (body, [.. before, .. input], generation);
    }

    private async Task StreamAsync(
        ApiRequest request, IAsyncEnumerable<GenerationChunk> chunks, ResponseWire response, StoredResponse? stored)
    {
        try
        {
            await answers.WriteEventsAsync(request, chunks, target =>
            {
                // From here on the client knows the id.
                Keep(stored);
                return new ResponseEventsWriter(target, response, time, stored);
            });
        }
        finally
        {
            store.Settle(stored);
        }
    }

    private async Task AnswerAsync(
        ApiRequest request, IAsyncEnumerable<GenerationChunk> chunks, ResponseWire response,
        IReadOnlyList<JsonElement>? keptItems)
    {
        var createdAt = time.GetUtcNow();
        using var recording = new ResponseRecording(response, time, stored: null, listener: null);
        await using (var reader = new ChunkReader(chunks, request.Aborted))
        {
            while (await reader.MoveNextAsync())
            {
                recording.Add(reader.Current);
            }
        }

        if (!recording.HasEnded)
        {
            throw new ModelException(ModelErrorCode.RunnerStopped);
        }

        if (keptItems is not null)
        {
            var stored = new StoredResponse(recording.Response, keptItems, createdAt, events: null);
            store.Add(stored);
            store.Settle(stored);
        }

        await OpenAiReplies.ReplyAsync(request, recording.Response, ResponsesJson.Default.ResponseWire);
    }

    private async Task StartAsync(
        ApiRequest request, ResponsesBody body, GenerationRequest generation, ResponseWire response,
        IReadOnlyList<JsonElement> input)
    {
        if (!store.IsOn)
        {
            throw GoJsonErrors.Refuse("this server keeps no responses, so that none can run in the background");
        }

        if (generation.Messages.Count > 0)
        {
            // A mistake is refused now, while there is somebody to tell.
            await models.RenderAsync(generation, request.Aborted);
        }

        var stored = store.Create(response, input);
        background.Start(stored, new ResponseWork(body.Source, generation.Priority), generation);
        if (request.IsStream)
        {
            await follower.WriteAsync(request, stored, from: 0);
        }
        else
        {
            await OpenAiReplies.ReplyAsync(request, response, ResponsesJson.Default.ResponseWire);
        }
    }

    private void Keep(StoredResponse? stored)
    {
        if (stored is not null)
        {
            store.Add(stored);
        }
    }
}
