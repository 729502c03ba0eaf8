using Microsoft.Extensions.Logging;
using Ollama.Platform.Contracts.Cluster;
using Ollama.Platform.Contracts.Errors;
using Ollama.Platform.Contracts.Library;
using Ollama.Platform.Inference.Runner;
using static System.FormattableString;

namespace Ollama.Platform.Silo.Models;

/// <summary>
/// When a replica is loaded: loads once for all who ask, unloads when its keep-alive time ends, when somebody asks, or
/// when the runner ends. Every member runs in <paramref name="turns"/>, which interleave at awaits; so it has no lock.
/// </summary>
/// <param name="key">Which replica.</param>
/// <param name="loader">Loads.</param>
/// <param name="options">The operator's settings.</param>
/// <param name="time">Measures keep-alive times.</param>
/// <param name="turns">Runs the turns.</param>
/// <param name="activeChanged">Hears whether the actor must be kept although nobody calls it.</param>
/// <param name="logger">Receives what operators want to know.</param>
internal sealed partial class ReplicaLifetime(
    ReplicaKey key, ReplicaLoader loader, SiloOptions options, TimeProvider time, TaskScheduler turns,
    Action<bool> activeChanged, ILogger<ReplicaLifetime> logger) : IAsyncDisposable
{
    // Timers take at most 49 days; longer times are waited for in pieces.
    private static readonly TimeSpan TimerMax = TimeSpan.FromDays(30);

    private readonly CancellationTokenSource _closing = new();
    private readonly LoadedNames _names = new(options.KeepAlive, time);
    private Task<LoadedModel?>? _load;
    private CancellationTokenSource? _wanted;
    private TaskCompletionSource? _unloadWanted;
    private Task _unload = Task.CompletedTask;
    private ITimer? _timer;
    private int _useCount;

    /// <summary>What is loaded; null when nothing is.</summary>
    public LoadedModel? Loaded { get; private set; }

    /// <summary>What is being loaded; null when nothing is.</summary>
    public LoadPlan? Loading { get; private set; }

    /// <summary>Nothing is loaded, loading or waiting.</summary>
    public bool IsIdle => _useCount == 0 && Loaded is null && _load is null && _unload.IsCompleted;

    /// <summary>The names under which it serves.</summary>
    public IReadOnlyList<(ModelDescription Model, DateTimeOffset? ExpiresAt)> Names => _names.List();

    /// <summary>Somebody needs the model under a name; it stays until as many have left.</summary>
    /// <param name="model">What the name resolved to.</param>
    /// <param name="keepAlive">How long it stays afterwards; null keeps what is in effect.</param>
    public void Enter(ModelDescription model, TimeSpan? keepAlive)
    {
        _names.Enter(model, keepAlive);
        Enter();
    }

    /// <summary>Somebody needs the model no more under a name.</summary>
    public void Leave(ModelDescription model)
    {
        _names.Leave(model);
        Leave();
    }

    /// <summary>
    /// Requests are coming that will say for themselves what they need; the model stays until
    /// <see cref="Release"/>.
    /// </summary>
    /// <param name="first">What the first of them resolved to: its time runs although it may never come.</param>
    /// <param name="keepAlive">How long it stays afterwards; null keeps what is in effect.</param>
    public void Hold(ModelDescription first, TimeSpan? keepAlive)
    {
        _names.Expect(first, keepAlive);
        Enter();
    }

    /// <summary>Ends a <see cref="Hold"/>.</summary>
    public void Release() => Leave();

    /// <summary>Waits for the model, loading it when it is not.</summary>
    /// <exception cref="ModelException">The load failed.</exception>
    public async Task<LoadedModel> EnsureLoadedAsync(LoadPlan plan, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (Loaded is { } loaded)
            {
                return loaded;
            }

            if (_closing.IsCancellationRequested)
            {
                throw new ModelException(ModelErrorCode.ShuttingDown);
            }

            _load ??= LoadOnceAsync(plan);

            // Only this caller's wait ends with its token; the load goes on for the others, or for the next.
            // A load that was given up before this caller came is begun again.
            if (await _load.WaitAsync(cancellationToken) is { } fresh)
            {
                return fresh;
            }
        }
    }

    /// <summary>
    /// Takes a name back, now when idle, otherwise after its last request; the model goes with the last name.
    /// </summary>
    /// <param name="displayName">The name.</param>
    /// <param name="awaited">Waits for the unload although the model is in use.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task UnloadAsync(string displayName, bool awaited, CancellationToken cancellationToken)
    {
        if (Loaded is null && _load is null)
        {
            await _unload.WaitAsync(cancellationToken);
            return;
        }

        // As if its last request had asked for it; a later request may ask otherwise.
        _names.Unload(displayName);
        if (_useCount == 0 && Loaded is not null)
        {
            await BecomeIdle().WaitAsync(cancellationToken);
        }
        else if (awaited && _names.IsEmpty)
        {
            _unloadWanted ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            await _unloadWanted.Task.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Lets go of a model whose runner has ended by itself; the next request loads it again.</summary>
    /// <returns>False when the replica is closing: nothing will be loaded any more.</returns>
    public bool GiveUp(LoadedModel loaded, string? reason)
    {
        if (ReferenceEquals(Loaded, loaded))
        {
            Log.RunnerEnded(logger, key, reason ?? "no reason given");
            _ = BeginUnload();
        }

        return !_closing.IsCancellationRequested;
    }

    /// <summary>Stops loading and unloads, whoever is using the model.</summary>
    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        if (_load is { } load)
        {
            // Its outcome went to those who asked for it.
            await ((Task)load).ConfigureAwait(ConfigureAwaitOptions.ContinueOnCapturedContext
                | ConfigureAwaitOptions.SuppressThrowing);
        }

        await BeginUnload();
        _closing.Dispose();
    }

    private void Enter()
    {
        _useCount++;
        _timer?.Dispose();
        _timer = null;
        Loaded?.Reservation.Busy();
    }

    private void Leave()
    {
        if (--_useCount > 0)
        {
            return;
        }

        // A load that still waits for room would take it from somebody, for nobody.
        _wanted?.Cancel();
        if (_load is null)
        {
            _ = BecomeIdle();
        }
    }

    /// <summary>Null when the load was given up because nobody waited for it any more.</summary>
    private async Task<LoadedModel?> LoadOnceAsync(LoadPlan plan)
    {
        using var wanted = new CancellationTokenSource();
        (_wanted, Loading) = (wanted, plan);

        // Lets the caller store this task before it can end.
        await Task.Yield();
        activeChanged(true);
        try
        {
            await _unload;
            var loaded = await loader.LoadAsync(key, plan, EvictAsync, wanted.Token, _closing.Token);
            Loaded = loaded;
            _ = WatchAsync(loaded);
            Log.Loaded(logger, plan.Model.Name.DisplayName, key, Describe(plan, loaded.Runner.Description));
            return loaded;
        }
        catch (OperationCanceledException) when (_closing.IsCancellationRequested)
        {
            throw new ModelException(ModelErrorCode.ShuttingDown);
        }
        catch (OperationCanceledException) when (wanted.IsCancellationRequested)
        {
            return null;
        }
        catch (Exception exception)
        {
            Log.LoadFailed(logger, plan.Model.Name.DisplayName, exception);
            throw exception is ModelException
                ? exception
                : new ModelException(new Refusal(ModelErrorCode.LoadFailed, null, exception.Message), exception);
        }
        finally
        {
            (_load, _wanted, Loading) = (null, null, null);
            if (_useCount == 0)
            {
                _ = BecomeIdle();
            }
        }
    }

    /// <summary>A runner that ends by itself ends the replica; the next request loads again.</summary>
    private async Task WatchAsync(LoadedModel loaded) => GiveUp(loaded, await loaded.Runner.Ended);

    /// <summary>The task is the unload's, where nobody wants the model to stay.</summary>
    private Task BecomeIdle()
    {
        if (Loaded is null)
        {
            _names.RemoveUnused();
            activeChanged(false);
            EndUnloadWait();
            return Task.CompletedTask;
        }

        _names.Settle();
        if (_names.IsEmpty)
        {
            return BeginUnload();
        }

        // A later request asked to keep what somebody wanted unloaded: it wins.
        EndUnloadWait();
        Loaded.Reservation.Idle(_names.ExpiresAt);
        ArmTimer();
        return Task.CompletedTask;
    }

    private void ArmTimer()
    {
        _timer?.Dispose();
        if (_names.ExpiresAt is { } expiresAt)
        {
            var wait = expiresAt - time.GetUtcNow();
            wait = wait < TimeSpan.Zero ? TimeSpan.Zero : wait < TimerMax ? wait : TimerMax;
            _timer = time.CreateTimer(_ => _ = InTurnAsync(ExpireAsync), null, wait, Timeout.InfiniteTimeSpan);
        }
    }

    private async Task<bool> ExpireAsync()
    {
        // The timer may have fired just before a request came.
        if (_useCount > 0 || Loaded is null)
        {
            return false;
        }

        if (_names.ExpiresAt is not { } expiresAt || expiresAt > time.GetUtcNow())
        {
            ArmTimer();
            return false;
        }

        await BeginUnload();
        return true;
    }

    /// <summary>Called by the residency from any thread.</summary>
    private Task<bool> EvictAsync() => InTurnAsync(async () =>
    {
        if (_useCount > 0)
        {
            return false;
        }

        await BeginUnload();
        return true;
    });

    private Task BeginUnload()
    {
        if (Loaded is { } loaded)
        {
            Loaded = null;
            // Whoever runs its request again still wants what it asked for.
            _names.RemoveUnused();
            _timer?.Dispose();
            _timer = null;
            _unload = UnloadAsync(loaded);
        }

        return _unload;
    }

    private async Task UnloadAsync(LoadedModel loaded)
    {
        try
        {
            await Task.Run(() => loaded.Runner.DisposeAsync().AsTask());
            Log.Unloaded(logger, loaded.Plan.Model.Name.DisplayName, key);
        }
        catch (Exception exception)
        {
            // The next load must not fail for what the last unload did.
            Log.UnloadFailed(logger, key, exception);
        }
        finally
        {
            loaded.Reservation.Dispose();
            activeChanged(_load is not null);
            EndUnloadWait();
        }
    }

    private static string Describe(LoadPlan plan, RunnerDescription runner) => plan.Embedding
        ? Invariant($"for inputs of up to {runner.ContextTokens} tokens")
        : runner.CacheUnified
            ? Invariant($"{runner.SlotCount} slots that share a KV cache of {runner.CellCount} cells")
            : Invariant($"{runner.SlotCount} slots that have a KV cache of {runner.CellCount / runner.SlotCount} ")
                + "cells each";

    private void EndUnloadWait()
    {
        _unloadWanted?.TrySetResult();
        _unloadWanted = null;
    }

    private Task<bool> InTurnAsync(Func<Task<bool>> work) =>
        Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.DenyChildAttach, turns).Unwrap();

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "Model {Model} is loaded as {Replica}, {Description}.")]
        public static partial void Loaded(ILogger logger, string model, ReplicaKey replica, string description);

        [LoggerMessage(LogLevel.Warning, "Model {Model} could not be loaded.")]
        public static partial void LoadFailed(ILogger logger, string model, Exception exception);

        [LoggerMessage(LogLevel.Information, "Model {Model} is unloaded from {Replica}.")]
        public static partial void Unloaded(ILogger logger, string model, ReplicaKey replica);

        [LoggerMessage(LogLevel.Error, "Replica {Replica} could not be unloaded cleanly.")]
        public static partial void UnloadFailed(ILogger logger, ReplicaKey replica, Exception exception);

        [LoggerMessage(LogLevel.Error, "The runner of {Replica} ended: {Reason}.")]
        public static partial void RunnerEnded(ILogger logger, ReplicaKey replica, string reason);
    }
}
