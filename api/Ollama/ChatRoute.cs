using Microsoft.Extensions.Options;
using Ollama.Platform.Api.Ollama.Requests;
using Ollama.Platform.Api.Ollama.Wire;
using Ollama.Platform.Api.Routing;
using Ollama.Platform.Api.Streaming;
using Ollama.Platform.Contracts.Library;
using Ollama.Platform.Contracts.Models;

namespace Ollama.Platform.Api.Ollama;

/// <summary><c>POST /api/chat</c>.</summary>
internal sealed class ChatRoute(
    IModels models, EmptyRequests empty, AnswerStream answers, RequestLimits limits, TimeProvider time,
    IOptions<ApiOptions> options)
{
    /// <summary>Answers one request. The order of the checks is Ollama's.</summary>
    public async Task HandleAsync(ApiRequest request)
    {
        var body = ChatBody.Read(await request.ReadBodyAsync(options.Value.BodyBytesMax));
        var settings = body.Settings;
        request.Model = settings.Model;
        request.IsStream = settings.Stream;
        settings.Validate();
        var model = ModelReference.Parse(settings.Model, RouteKind.Chat);
        if (body.Messages.Count == 0)
        {
            await LoadOrUnloadAsync(request, model, body);
            return;
        }

        var generation = settings.ToRequest(GenerationKind.Chat, model.Text) with
        {
            Priority = settings.Priority ?? request.Priority,
            Deadline = settings.Deadline ?? request.Deadline,
            Messages = body.Messages,
            Tools = body.Tools,
        };
        limits.Check(generation);
        if (settings.RenderOnly)
        {
            await RenderAsync(request, generation);
            return;
        }

        generation = generation with { Format = await ReadFormatAsync(model, settings, request.Aborted) };
        var chunks = models.GenerateAsync(generation, request.Aborted);
        if (settings.Stream)
        {
            await answers.WriteAsync(request, chunks, response => new LinesWriter<ChatLine>(
                response, chunk => ToLine(request, chunk), WireJson.Default.ChatLine));
            return;
        }

        var answer = await WholeAnswer.ReadAsync(chunks, request.Aborted);
        await request.ReplyAsync(
            ToLine(request, answer.ToChunk(callsCollected: body.Tools.Count > 0)), WireJson.Default.ChatLine);
    }

    private async Task<OutputFormat?> ReadFormatAsync(
        ModelReference model, GenerationSettings settings, CancellationToken cancellationToken)
    {
        if (settings.HasBadFormat)
        {
            // A missing model is the graver mistake.
            await empty.FindAsync(model, cancellationToken);
        }

        return FormatReader.Read(settings.Format, model.Text);
    }

    private async Task LoadOrUnloadAsync(ApiRequest request, ModelReference model, ChatBody body)
    {
        var reason = EmptyRequests.Unloaded;
        if (body.Settings.UnloadsWhenEmpty)
        {
            await empty.UnloadAsync(model, request.Aborted);
        }
        else
        {
            ModelCapability? needed = body.Tools.Count > 0 ? ModelCapability.Tools : null;
            await empty.LoadAsync(model, GenerationKind.Chat, body.Settings, needed, request.Aborted);
            reason = EmptyRequests.Loaded;
        }

        var line = ToLine(request, new GenerationChunk()) with { Done = true, DoneReason = reason };
        await request.ReplyAsync(line, WireJson.Default.ChatLine);
    }

    private async Task RenderAsync(ApiRequest request, GenerationRequest generation)
    {
        var prompt = await models.RenderAsync(generation, request.Aborted);
        var debug = new DebugWire(prompt.Text, prompt.ImageCount);
        var line = ToLine(request, new GenerationChunk()) with { Debug = debug };
        await request.ReplyAsync(line, WireJson.Default.ChatLine);
    }

    private ChatLine ToLine(ApiRequest request, GenerationChunk chunk) =>
        chunk.ToChatLine(request.Model, time.GetUtcNow());
}
