using System.Text.Json;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Ollama.Platform.Api;
using Ollama.Platform.Contracts.Errors;
using Ollama.Platform.Contracts.Library;
using Ollama.Platform.Contracts.Models;
using Ollama.Platform.Host.Options;

namespace Ollama.Platform.Host.Startup;

/// <summary>
/// Loads the models that the operator named (<c>OLLAMA_PRELOAD</c>), one after the other, while the server starts, and
/// lets each compute one token, vector or score: what is read, set up and compiled at first use is then done before
/// somebody waits for it. Until each was tried the server is not ready; what fails is left to the client who asks.
/// </summary>
internal sealed partial class Preload(
    IModelSupply supply, IModels models, ServerOptions options, IHostApplicationLifetime lifetime,
    ILogger<Preload> logger)
    : IHealthCheck, IAsyncDisposable
{
    private const string Text = "Hello";

    private readonly CancellationTokenSource _stopping =
        CancellationTokenSource.CreateLinkedTokenSource(lifetime.ApplicationStopping);

    private Task _work = Task.CompletedTask;
    private int _triedCount;

    /// <summary>Loads them all; called once.</summary>
    public Task RunAsync() => _work = LoadAllAsync(_stopping.Token);

    /// <inheritdoc/>
    public Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var waiting = options.PreloadedModels.Skip(Volatile.Read(ref _triedCount));
        var names = string.Join(", ", waiting.Select(name => name.DisplayName));
        return Task.FromResult(names.Length == 0
            ? HealthCheckResult.Healthy()
            : HealthCheckResult.Unhealthy($"Models are being loaded: {names}."));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _work.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stopping.Dispose();
    }

    private async Task LoadAllAsync(CancellationToken cancellationToken)
    {
        var loadedCount = 0;
        foreach (var name in options.PreloadedModels)
        {
            try
            {
                await UseAsync(name, cancellationToken);
                loadedCount++;
            }
            catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
            {
                // Whatever it is: otherwise the server would never be ready, and nobody would know why.
                var reason = failure is ModelException refused ? ApiHosting.TextOf(refused) : failure.Message;
                Log.NotPreloaded(logger, name.DisplayName, reason);
            }

            Interlocked.Increment(ref _triedCount);
        }

        Log.Preloaded(logger, loadedCount, options.PreloadedModels.Count);
    }

    private async Task UseAsync(ModelName name, CancellationToken cancellationToken)
    {
        var model = name.DisplayName;
        var found = await FindAsync(name, cancellationToken)
            ?? throw new ModelException(ModelErrorCode.ModelNotFound, model);
        switch (found.WeightsDescription)
        {
            case { HasRanking: true }:
                var pair = new RerankRequest { Model = model, Query = Text, Documents = [Text] };
                await models.RerankAsync(pair with { Priority = RequestPriority.Min }, cancellationToken);
                break;
            case { HasPooling: true }:
                await models.EmbedAsync(
                    new EmbeddingRequest { Model = model, Inputs = [Text], Priority = RequestPriority.Min },
                    cancellationToken);
                break;
            default:
                await foreach (var _ in models.GenerateAsync(OneToken(model), cancellationToken))
                {
                    // It is of no interest.
                }

                await models.RenderAsync(Rehearsal.Greeting(model), cancellationToken);
                break;
        }
    }

    // The first start of a store brings the shipped models into it.
    private async Task<ModelDescription?> FindAsync(ModelName name, CancellationToken cancellationToken)
    {
        if (await supply.FindAsync(name, cancellationToken) is { } model)
        {
            return model;
        }

        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using (lifetime.ApplicationStarted.Register(started.SetResult))
        {
            await started.Task.WaitAsync(cancellationToken);
        }

        return await supply.FindAsync(name, cancellationToken);
    }

    // As short as can be, and behind whoever comes meanwhile.
    private static GenerationRequest OneToken(string model) => new()
    {
        Model = model,
        Kind = GenerationKind.Completion,
        Prompt = Text,
        Raw = true,
        Priority = RequestPriority.Min,
        Options = new Dictionary<string, JsonElement> { ["num_predict"] = JsonSerializer.SerializeToElement(1) },
    };

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "{Model}, which OLLAMA_PRELOAD names, is not loaded: {Reason}")]
        public static partial void NotPreloaded(ILogger logger, string model, string reason);

        [LoggerMessage(LogLevel.Information, "{LoadedCount} of {Count} models that OLLAMA_PRELOAD names are loaded.")]
        public static partial void Preloaded(ILogger logger, int loadedCount, int count);
    }
}
