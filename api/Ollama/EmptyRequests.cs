using Ollama.Platform.Api.Ollama.Requests;
using Ollama.Platform.Contracts.Errors;
using Ollama.Platform.Contracts.Library;
using Ollama.Platform.Contracts.Models;

namespace Ollama.Platform.Api.Ollama;

/// <summary>Chats without messages and completions without prompt: they load the model, or unload it.</summary>
internal sealed class EmptyRequests(IModels models, IModelSupply supply, ILibrary library)
{
    /// <summary>The <c>done_reason</c> after loading.</summary>
    public const string Loaded = "load";

    /// <summary>The <c>done_reason</c> after unloading.</summary>
    public const string Unloaded = "unload";

    /// <summary>
    /// Refuses a model that is not there and cannot be brought. For checks that come after that one but need nothing
    /// else of the model.
    /// </summary>
    /// <exception cref="ModelException">There is no such model.</exception>
    public async Task<ModelDescription> FindAsync(ModelReference model, CancellationToken cancellationToken) =>
        await supply.FindAsync(model.Name, cancellationToken)
        ?? throw new ModelException(ModelErrorCode.ModelNotFound, model.Text);

    /// <summary>Unloads the model when its last request ends. No capability is needed for that.</summary>
    /// <exception cref="ModelException">There is no such model.</exception>
    public async Task UnloadAsync(ModelReference model, CancellationToken cancellationToken)
    {
        if (await library.FindAsync(model.Name, cancellationToken) is null)
        {
            throw new ModelException(ModelErrorCode.ModelNotFound, model.Text);
        }

        await models.UnloadAsync(model.Text, cancellationToken);
    }

    /// <summary>Loads the model, if it can do what the request would ask of it.</summary>
    /// <param name="model">The model.</param>
    /// <param name="kind">Chat or completion.</param>
    /// <param name="settings">Options and keep-alive time.</param>
    /// <param name="needed">A capability beside completion that the request names; null for none.</param>
    /// <param name="cancellationToken">Stops waiting; the model goes on loading.</param>
    /// <exception cref="ModelException">The model is missing, cannot do that or cannot be loaded.</exception>
    public async Task LoadAsync(
        ModelReference model,
        GenerationKind kind,
        GenerationSettings settings,
        ModelCapability? needed,
        CancellationToken cancellationToken)
    {
        var thinks = settings.Think?.Enabled == true;
        if (thinks || needed is not null)
        {
            var capabilities = (await FindAsync(model, cancellationToken)).Capabilities;
            if (thinks && !capabilities.Contains(ModelCapability.Thinking))
            {
                throw new ModelException(ModelErrorCode.ThinkingUnsupported, model.Text);
            }

            if (needed is { } capability && capabilities.Contains(ModelCapability.Completion)
                && !capabilities.Contains(capability))
            {
                throw new ModelException(
                    ModelErrorCode.CapabilityMissing, model.Text, capability.ToString().ToLowerInvariant());
            }
        }

        await models.LoadAsync(settings.ToLoad(kind, model.Text), cancellationToken);
    }
}
