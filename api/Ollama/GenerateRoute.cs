using Microsoft.Extensions.Options;
using Ollama.Platform.Api.Ollama.Requests;
using Ollama.Platform.Api.Ollama.Wire;
using Ollama.Platform.Api.Routing;
using Ollama.Platform.Api.Streaming;
using Ollama.Platform.Contracts.Errors;
using Ollama.Platform.Contracts.Library;
using Ollama.Platform.Contracts.Models;

namespace Ollama.Platform.Api.Ollama;

/// <summary><c>POST /api/generate</c>.</summary>
internal sealed class GenerateRoute(
    IModels models, EmptyRequests empty, AnswerStream answers, RequestLimits limits, TimeProvider time,
    IOptions<ApiOptions> options)
{
    /// <summary>Answers one request. The order of the checks is Ollama's.</summary>
    public async Task HandleAsync(ApiRequest request)
    {
        var body = GenerateBody.Read(await request.ReadBodyAsync(options.Value.BodyBytesMax));
        var settings = body.Settings;
        request.Model = settings.Model;
        request.IsStream = settings.Stream;
        settings.Validate();
        var model = ModelReference.Parse(settings.Model, RouteKind.Generate);
        if (body.Prompt.Length == 0 && settings.UnloadsWhenEmpty)
        {
            await empty.UnloadAsync(model, request.Aborted);
            await ReplyDoneAsync(request, EmptyRequests.Unloaded);
            return;
        }

        if (body.Raw && (body.Template.Length > 0 || body.System.Length > 0 || body.Context.Count > 0))
        {
            await empty.FindAsync(model, request.Aborted);
            throw new ModelException(
                ModelErrorCode.RequestInvalid, model.Text, "raw mode does not support template, system, or context");
        }

        if (body.Prompt.Length == 0)
        {
            ModelCapability? needed = body.Suffix.Length > 0 ? ModelCapability.Insert : null;
            await empty.LoadAsync(model, GenerationKind.Completion, settings, needed, request.Aborted);
            await ReplyDoneAsync(request, EmptyRequests.Loaded);
            return;
        }

        await RunAsync(request, model, body);
    }

    private async Task RunAsync(ApiRequest request, ModelReference model, GenerateBody body)
    {
        var settings = body.Settings;
        var generation = settings.ToRequest(GenerationKind.Completion, model.Text) with
        {
            Priority = settings.Priority ?? request.Priority,
            Deadline = settings.Deadline ?? request.Deadline,
            Prompt = body.Prompt,
            Suffix = WireMapping.OrNull(body.Suffix),
            System = WireMapping.OrNull(body.System),
            Template = WireMapping.OrNull(body.Template),
            Raw = body.Raw,
            Context = body.Context,
            Images = body.Images,
        };
        limits.Check(generation);
        if (settings.RenderOnly)
        {
            await RenderAsync(request, generation);
            return;
        }

        if (settings.HasBadFormat)
        {
            // A missing model is the graver mistake.
            await empty.FindAsync(model, request.Aborted);
        }

        generation = generation with { Format = FormatReader.Read(settings.Format, model.Text) };
        var chunks = models.GenerateAsync(generation, request.Aborted);
        if (settings.Stream)
        {
            await answers.WriteAsync(request, chunks, response => new LinesWriter<GenerateLine>(
                response, chunk => ToLine(request, chunk), WireJson.Default.GenerateLine));
            return;
        }

        var answer = await WholeAnswer.ReadAsync(chunks, request.Aborted);
        await request.ReplyAsync(ToLine(request, answer.ToChunk(callsCollected: false)), WireJson.Default.GenerateLine);
    }

    private Task ReplyDoneAsync(ApiRequest request, string reason) =>
        request.ReplyAsync(
            ToLine(request, new GenerationChunk()) with { Done = true, DoneReason = reason },
            WireJson.Default.GenerateLine);

    private async Task RenderAsync(ApiRequest request, GenerationRequest generation)
    {
        var prompt = await models.RenderAsync(generation, request.Aborted);
        var debug = new DebugWire(prompt.Text, prompt.ImageCount);
        var line = ToLine(request, new GenerationChunk()) with { Debug = debug };
        await request.ReplyAsync(line, WireJson.Default.GenerateLine);
    }

    private GenerateLine ToLine(ApiRequest request, GenerationChunk chunk) =>
        chunk.ToGenerateLine(request.Model, time.GetUtcNow());
}
