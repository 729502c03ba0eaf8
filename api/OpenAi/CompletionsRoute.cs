using System.Runtime.CompilerServices;
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
    /// <summary>Answers one request. Several prompts are several runs; without one the model is only loaded.</summary>
    public async Task HandleAsync(ApiRequest request)
    {
        var root = await request.ReadBodyAsync(options.Value.BodyBytesMax, OpenAiRoutes.NoBodyText);
        var body = CompletionBody.Read(root);
        request.Model = body.Shared.Model;
        request.IsStream = body.Shared.Stream;
        var model = ModelReference.Parse(request.Model, RouteKind.Generate);
        var head = CompletionHead.New("cmpl-", request.Model, time);
        if (body.LoadsOnly)
        {
            await LoadAsync(request, model, body, CompletionWire.Loaded(head));
            return;
        }

        var count = body.Shared.ChoiceCount;
        var wire = new CompletionWire(head, count, body.Prompts.Count);
        var prompts = body.Prompts.Select(prompt => ToRequest(body, model, prompt, request));
        var runs = new ChoiceRuns(models, [.. prompts], count);
        if (body.Shared.Stream)
        {
            await WriteAsync(
                request, RunAsync(request.Aborted),
                chunk => wire.ToEvents(runs.Index, chunk, body.Shared.UsageIncluded));
            return;
        }

        wire.Echo(await EchoesAsync(body, model, request.Aborted));
        await OpenAiReplies.ReplyAsync(
            request, wire.ToWhole(await runs.ReadWholeAsync(request.Aborted)), OpenAiJson.Default.TextCompletion);

        // What stands in front of the answers needs the model, too, which may take as long as a load or a pull.
        async IAsyncEnumerable<GenerationChunk> RunAsync(
            [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            wire.Echo(await EchoesAsync(body, model, cancellationToken));
            await foreach (var chunk in runs.ReadAsync(cancellationToken))
            {
                yield return chunk;
            }
        }
    }

    // Tokens are raw: whoever has them has applied a template, or wants none.
    private static GenerationRequest ToRequest(
        CompletionBody body, ModelReference model, TextOrTokens prompt, ApiRequest request)
    {
        var generation = body.Shared.ToRequest(GenerationKind.Completion, model.Text) with
        {
            Priority = request.Priority,
            Deadline = request.Deadline,
        };
        return prompt.Tokens is { } tokens
            ? generation with { PromptTokens = tokens, Raw = true }
            : generation with { Prompt = prompt.Text, Suffix = WireMapping.OrNull(body.Suffix) };
    }

    /// <summary>What stands in front of the answers to each prompt.</summary>
    private async Task<IReadOnlyList<string>> EchoesAsync(
        CompletionBody body, ModelReference model, CancellationToken cancellationToken)
    {
        var echoes = new string[body.Prompts.Count];
        for (var index = 0; index < echoes.Length; index++)
        {
            echoes[index] = !body.Echo ? ""
                : body.Prompts[index].Tokens is { } tokens ? await JoinAsync(tokens)
                : body.Prompts[index].Text;
        }

        return echoes;

        async Task<string> JoinAsync(IReadOnlyList<int> tokens) => (await models.DetokenizeAsync(
            new DetokenizeRequest { Model = model.Text, Tokens = tokens, Options = body.Shared.ToOptions() },
            cancellationToken)).Text;
    }

    private async Task LoadAsync(
        ApiRequest request, ModelReference model, CompletionBody body, TextCompletion loaded)
    {
        var load = new LoadRequest
        {
            Model = model.Text,
            Kind = GenerationKind.Completion,
            Options = body.Shared.ToOptions(),
        };
        if (body.Shared.Stream)
        {
            await WriteAsync(request, RunAsync(request.Aborted), _ => [loaded], endsAtOnce: true);
            return;
        }

        await models.LoadAsync(load, request.Aborted);
        await OpenAiReplies.ReplyAsync(request, loaded, OpenAiJson.Default.TextCompletion);

        async IAsyncEnumerable<GenerationChunk> RunAsync(
            [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            await models.LoadAsync(load, cancellationToken);
            yield return new GenerationChunk { FinishReason = FinishReason.Stop };
        }
    }

    private Task WriteAsync(
        ApiRequest request, IAsyncEnumerable<GenerationChunk> chunks,
        Func<GenerationChunk, IEnumerable<TextCompletion>> toEvents, bool endsAtOnce = false) =>
        answers.WriteEventsAsync(request, chunks, response =>
            new EventsWriter<TextCompletion>(response, toEvents, OpenAiJson.Default.TextCompletion, endsAtOnce));
}
