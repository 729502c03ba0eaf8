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

/// <summary>Reads the bodies of this dialect and fits them to the models that they ask.</summary>
internal sealed class MessagesReader(IModelSupply supply, RequestLimits limits, IOptions<ApiOptions> options)
{
    /// <summary>What a body asks, as far as that needs no model.</summary>
    /// <param name="request">The request, which learns its model and whether the answer is a stream.</param>
    /// <param name="countsOnly">Nothing is generated.</param>
    /// <exception cref="ModelException">The body is wrong.</exception>
    /// <exception cref="ApiException">The body is too long, or the model is one of ollama.com.</exception>
    public async Task<GenerationRequest> ReadAsync(ApiRequest request, bool countsOnly)
    {
        var body = MessagesBody.Read(
            await request.ReadBodyAsync(options.Value.BodyBytesMax, GoJsonScanner.NoValue));
        (request.Model, request.IsStream) = (body.Model, body.Stream);
        body.Validate(countsOnly);
        var generation = body.ToRequest(ModelReference.Parse(body.Model, request.Route).Text) with
        {
            Priority = request.Priority,
            Deadline = request.Deadline,
        };
        limits.Check(generation);
        return generation;
    }

    /// <summary>
    /// The request as its model can answer it: one that cannot think just answers, as Ollama has it on this route. May
    /// wait for the model to be pulled.
    /// </summary>
    /// <param name="generation">What was asked.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="ModelException">There is no such model.</exception>
    public async Task<GenerationRequest> FitAsync(GenerationRequest generation, CancellationToken cancellationToken)
    {
        if (generation.Think is not { Enabled: true } || !ModelName.TryParse(generation.Model, out var name))
        {
            // Whoever runs the request looks for its model.
            return generation;
        }

        var model = await supply.FindAsync(name, cancellationToken)
            ?? throw new ModelException(ModelErrorCode.ModelNotFound, generation.Model);
        return model.Capabilities.Contains(ModelCapability.Thinking) ? generation : generation with { Think = null };
    }
}
