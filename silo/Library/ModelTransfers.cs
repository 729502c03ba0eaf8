using System.Runtime.CompilerServices;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Ollama.Platform.BlobStore.Registry;
using Ollama.Platform.BlobStore.Storage;
using Ollama.Platform.Contracts.Blobs;
using Ollama.Platform.Contracts.Errors;
using Ollama.Platform.Contracts.Library;

namespace Ollama.Platform.Silo.Library;

/// <summary>
/// The pulls and pushes of this process. A pull belongs to nobody: whoever asks for the same model follows the same
/// one, and it runs to its end. A push belongs to its caller.
/// </summary>
internal sealed partial class ModelTransfers(
    ModelPull pull, ModelPush push, IHostApplicationLifetime lifetime, TimeProvider time,
    ILogger<ModelTransfers> logger)
    : IModelTransfers, IAsyncDisposable
{
    // More at once would only be slower, one and all.
    private const int PullCountMax = 64;

    // A transfer can be resumed: it does not hold up the end of the host.
    private readonly CancellationTokenSource _stopping =
        CancellationTokenSource.CreateLinkedTokenSource(lifetime.ApplicationStopping);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, (TransferSteps Steps, Task Run)> _pulls = new(StringComparer.OrdinalIgnoreCase);

    /// <inheritdoc/>
    public IAsyncEnumerable<TransferProgress> PullAsync(
        ModelName name, bool insecure, CancellationToken cancellationToken)
    {
        var key = $"{name} {insecure}";
        lock (_lock)
        {
            if (!_pulls.TryGetValue(key, out var running))
            {
                if (_pulls.Count >= PullCountMax)
                {
                    throw new ModelException(ModelErrorCode.QueueFull, name.DisplayName);
                }

                var steps = new TransferSteps(time, ModelPull.FirstStatus);
                running = (steps, Task.Run(() => RunPullAsync(key, name, insecure, steps), CancellationToken.None));
                _pulls[key] = running;
            }

            return running.Steps.FollowAsync(cancellationToken);
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<TransferProgress> PushAsync(
        ModelName name, bool insecure, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token, cancellationToken);
        var steps = new TransferSteps(time, ModelPush.FirstStatus);
        var run = RunAsync(name, steps, "push", () => push.RunAsync(name, insecure, steps, ending.Token));
        try
        {
            await foreach (var step in steps.FollowAsync(cancellationToken))
            {
                yield return step;
            }
        }
        finally
        {
            await ending.CancelAsync();
            await run;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        Task[] running;
        lock (_lock)
        {
            running = [.. _pulls.Values.Select(transfer => transfer.Run)];
        }

        await Task.WhenAll(running);
        _stopping.Dispose();
    }

    private Task RunPullAsync(string key, ModelName name, bool insecure, TransferSteps steps) =>
        RunAsync(name, steps, "pull", async () =>
        {
            try
            {
                await pull.RunAsync(name, insecure, steps, _stopping.Token);
            }
            finally
            {
                // Before those who follow are told: whoever asks again then gets a new pull and not this one's end.
                lock (_lock)
                {
                    _pulls.Remove(key);
                }
            }
        });

    private async Task RunAsync(ModelName name, TransferSteps steps, string kind, Func<Task> run)
    {
        try
        {
            await run();
            Log.Done(logger, kind, name);
            steps.End(refusal: null);
        }
        catch (ModelException failure)
        {
            Log.Failed(logger, kind, name, failure.Message);
            steps.End(failure.Refusal);
        }
        catch (OperationCanceledException)
        {
            Log.Canceled(logger, kind, name);
            steps.End(new Refusal(ModelErrorCode.ShuttingDown, name.DisplayName, null));
        }
        catch (TransferException failure)
        {
            Log.Failed(logger, kind, name, failure.Message);
            steps.End(new Refusal(ModelErrorCode.TransferFailed, name.DisplayName, failure.Message));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // The log has the system's own words, which say what disk it is; clients are told no paths.
            Log.StoreFailed(logger, kind, name, failure);
            var told = failure as BlobStorageException ?? DurableFile.Explain(failure);
            steps.End(new Refusal(
                ModelErrorCode.TransferFailed, name.DisplayName,
                told?.Message ?? "The store could not be read or written."));
        }
        catch (Exception failure)
        {
            // A bug, but those who follow must not wait for ever.
            steps.End(new Refusal(ModelErrorCode.TransferFailed, name.DisplayName, "internal error"));
            Log.Broken(logger, kind, name, failure);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "The {Kind} of {Model} is done.")]
        public static partial void Done(ILogger logger, string kind, ModelName model);

        [LoggerMessage(LogLevel.Warning, "The {Kind} of {Model} failed: {Reason}")]
        public static partial void Failed(ILogger logger, string kind, ModelName model, string reason);

        [LoggerMessage(LogLevel.Warning, "The {Kind} of {Model} failed: the store refused.")]
        public static partial void StoreFailed(ILogger logger, string kind, ModelName model, Exception exception);

        [LoggerMessage(LogLevel.Information, "The {Kind} of {Model} was broken off.")]
        public static partial void Canceled(ILogger logger, string kind, ModelName model);

        [LoggerMessage(LogLevel.Error, "The {Kind} of {Model} broke.")]
        public static partial void Broken(ILogger logger, string kind, ModelName model, Exception exception);
    }
}
