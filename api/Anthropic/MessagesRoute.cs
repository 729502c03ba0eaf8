using System.Runtime.CompilerServices;
using Ollama.Platform.Api.Anthropic.Wire;
using Ollama.Platform.Api.Routing;
using Ollama.Platform.Api.Streaming;
using Ollama.Platform.Contracts.Models;

namespace Ollama.Platform.Api.Anthropic;

/// <summary><c>POST /v1/messages</c>.</summary>
internal sealed class MessagesRoute(IModels models, MessagesReader reader, AnswerStream answers)
{
    /// <summary>Answers one request.</summary>
    public async Task HandleAsync(ApiRequest request)
    {
        var generation = await reader.ReadAsync(request, countsOnly: false);
        var chunks = RunAsync(generation, request.Aborted);
        if (request.IsStream)
        {
            await answers.WriteEventsAsync(request, chunks, response => new MessageWriter(
                response, generation, request.Model));
            return;
        }

        var answer = (await WholeAnswer.ReadAsync(chunks, request.Aborted)).ToChunk(callsCollected: true);
        await AnthropicReply.WriteAsync(
            request, AnswerMapping.ToWire(answer, generation, request.Model), AnthropicJson.Default.AnswerWire);
    }

    // To fit the request may take as long as a pull does, during which a stream shows signs of life.
    private async IAsyncEnumerable<GenerationChunk> RunAsync(
        GenerationRequest generation, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var fitting = await reader.FitAsync(generation, cancellationToken);
        await foreach (var chunk in models.GenerateAsync(fitting, cancellationToken))
        {
            yield return chunk;
        }
    }
}
