using Ollama.Platform.Contracts.Errors;
using Ollama.Platform.Contracts.Library;
using Ollama.Platform.Contracts.Models;

namespace Ollama.Platform.Host.Startup;

/// <summary>
/// Does what the first client is likely to ask for, up to the loading of a model, while the server is still starting
/// and a core has nothing to do: reads the header of the model that changed last and renders a prompt. That is then
/// known, and the code for it set up.
/// </summary>
internal static class Rehearsal
{
    /// <summary>A conversation that begins, to be rendered.</summary>
    public static GenerationRequest Greeting(string model) => new()
    {
        Model = model,
        Kind = GenerationKind.Chat,
        Messages = [new ChatMessage { Role = "user", Content = "Hello" }],
    };

    /// <summary>Runs it; whatever fails is left to the client who asks.</summary>
    public static async Task RunAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        try
        {
            var models = await services.GetRequiredService<ILibrary>().ListAsync(cancellationToken);
            var latest = models.FirstOrDefault(model => model.Capabilities.Contains(ModelCapability.Completion));
            if (latest is { RemoteHost: null })
            {
                await services.GetRequiredService<IModels>()
                    .RenderAsync(Greeting(latest.Name.DisplayName), cancellationToken);
            }
        }
        catch (Exception failure) when (failure is ModelException or OperationCanceledException or IOException
            or UnauthorizedAccessException or ObjectDisposedException)
        {
            // Nobody waits for it.
        }
    }
}
