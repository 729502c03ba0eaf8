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
        var chunks = models.GenerateAsync(generation, request.Aborted);
        if (request.IsStream)
        {
            await answers.WriteAsync(request, chunks, response => new MessageWriter(
                response, request.Model, PromptEstimate.Tokens(generation)));
            return;
        }

        var answer = (await WholeAnswer.ReadAsync(chunks, request.Aborted)).ToChunk(callsCollected: true);
        await AnthropicReply.WriteAsync(
            request, AnswerMapping.ToWire(answer, request.Model), AnthropicJson.Default.AnswerWire);
    }
}
