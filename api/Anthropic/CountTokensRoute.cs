using Ollama.Platform.Api.Anthropic.Wire;
using Ollama.Platform.Api.Routing;
using Ollama.Platform.Contracts.Models;

namespace Ollama.Platform.Api.Anthropic;

/// <summary><c>POST /v1/messages/count_tokens</c>. Loads the model, whose vocabulary decides.</summary>
internal sealed class CountTokensRoute(IModels models, MessagesReader reader)
{
    /// <summary>Answers one request.</summary>
    public async Task HandleAsync(ApiRequest request)
    {
        var generation = await reader.ReadAsync(request, countsOnly: true);
        var count = await models.CountTokensAsync(
            await reader.FitAsync(generation, request.Aborted), request.Aborted);
        await AnthropicReply.WriteAsync(request, new CountWire(count), AnthropicJson.Default.CountWire);
    }
}
