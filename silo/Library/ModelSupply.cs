using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Ollama.Platform.Contracts.Errors;
using Ollama.Platform.Contracts.Library;

namespace Ollama.Platform.Silo.Library;

/// <summary>
/// The library, and behind it the registry for the models that may be pulled when they are first used. Many that wait
/// for one model follow one pull. Safe for any number of callers.
/// </summary>
internal sealed partial class ModelSupply(
    ILibrary library, IModelTransfers transfers, IOptions<ModelSupplyOptions> options, ILogger<ModelSupply> logger)
    : IModelSupply
{
    private int _waitingCount;

    /// <inheritdoc/>
    public async Task<ModelDescription?> FindAsync(ModelName name, CancellationToken cancellationToken)
    {
        if (await library.FindAsync(name, cancellationToken) is { } model)
        {
            return model;
        }

        return options.Value.PulledOnDemand.Any(pattern => pattern.Matches(name))
            && await TryPullAsync(name, cancellationToken)
            ? await library.FindAsync(name, cancellationToken)
            : null;
    }

    /// <summary>Pulls a model; false when its registry does not have it.</summary>
    private async Task<bool> TryPullAsync(ModelName name, CancellationToken cancellationToken)
    {
        try
        {
            if (Interlocked.Increment(ref _waitingCount) > options.Value.WaitingCountMax)
            {
                throw new ModelException(ModelErrorCode.QueueFull, name.DisplayName);
            }

            Log.Pulling(logger, name);
            await foreach (var step in transfers.PullAsync(name, insecure: false, cancellationToken))
            {
                Log.Step(logger, name, step.Status);
            }

            return true;
        }
        catch (ModelException failure) when (failure.Refusal.Code == ModelErrorCode.ModelNotFound)
        {
            return false;
        }
        finally
        {
            Interlocked.Decrement(ref _waitingCount);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "A request waits for {Model} to be pulled.")]
        public static partial void Pulling(ILogger logger, ModelName model);

        [LoggerMessage(LogLevel.Trace, "A request that waits for {Model} is at: {Step}.")]
        public static partial void Step(ILogger logger, ModelName model, string step);
    }
}
