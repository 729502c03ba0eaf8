using Microsoft.Extensions.Options;
using Ollama.Platform.Api.Anthropic.Requests;
using Ollama.Platform.Api.Errors;
using Ollama.Platform.Api.GoJson;
using Ollama.Platform.Api.Ollama;
using Ollama.Platform.Api.Routing;
using Ollama.Platform.Contracts.Errors;
using Ollama.Platform.Contracts.Library;
using Ollama.Platform.Contracts.Models;

namespace Ollama.Platform.Api.Anthropic;

/// <summary>Reads the bodies of this dialect as far as a model can be asked.</summary>
internal sealed class MessagesReader(IModelSupply supply, RequestLimits limits, IOptions<ApiOptions> options)
{
    /// <summary>What a body asks of which model.</summary>
    /// <param name="request">The request, which learns its model and whether the answer is a stream.</param>
    /// <param name="countsOnly">Nothing is generated.</param>
    /// <exception cref="ModelException">The body is wrong, or there is no such model.</exception>
    /// <exception cref="ApiException">The body is too long, or the model is one of ollama.com.</exception>
    public async Task<GenerationRequest> ReadAsync(ApiRequest request, bool countsOnly)
    {
        var body = MessagesBody.Read(
            await request.ReadBodyAsync(options.Value.BodyBytesMax, GoJsonScanner.NoValue));
        (request.Model, request.IsStream) = (body.Model, body.Stream);
        body.Validate(countsOnly);
        var reference = ModelReference.Parse(body.Model, request.Route);
        var model = await supply.FindAsync(reference.Name, request.Aborted)
            ?? throw new ModelException(ModelErrorCode.ModelNotFound, reference.Text);
        var generation = body.ToRequest(reference.Text, model.Capabilities.Contains(ModelCapability.Thinking));
        limits.Check(generation);
        return generation;
    }
}
