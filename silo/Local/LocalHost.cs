using System.Runtime.CompilerServices;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Ollama.Platform.Contracts.Cluster;
using Ollama.Platform.Contracts.Errors;
using Ollama.Platform.Silo.Models;

namespace Ollama.Platform.Silo.Local;

/// <summary>
/// Carries the actors within one process. When the host stops, it takes no new requests, lets the running ones finish
/// within a grace period, refuses what is left, and unloads everything.
/// </summary>
internal sealed partial class LocalHost : IClusterHost, IHostedLifecycleService, IAsyncDisposable
{
    // Actors cost a few hundred bytes; sweeping is only there so that a server of months does not keep them all.
    private static readonly TimeSpan SweepPeriod = TimeSpan.FromMinutes(1);

    // On top of the queues' own bounds, for calls that do not queue.
    private const int CallsBesideQueue = 1024;

    private readonly LocalActors<LoadKey, ModelQueue> _models;
    private readonly LocalActors<ReplicaKey, ModelReplica> _replicas;
    private readonly CancellationTokenSource _aborting = new();
    private readonly TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SiloOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<LocalHost> _logger;
    private readonly ITimer _sweep;
    private readonly Lock _lock = new();
    private int _admissionCount;
    private bool _stopping;
    private Task? _stop;

    /// <summary>Makes an empty host.</summary>
    public LocalHost(ActorFactory actors, SiloOptions options, TimeProvider time, ILogger<LocalHost> logger)
    {
        (_options, _time, _logger) = (options, time, logger);
        var callCountMax = Math.Max(options.SlotQueueLengthMax, options.QueueLengthMax) + CallsBesideQueue;
        _models = new((key, _) => actors.CreateQueue(key, Replica), queue => queue.IsIdle, callCountMax);
        _replicas = new(
            (key, mailbox) => actors.CreateReplica(key, mailbox, _ => { }), replica => replica.IsIdle, callCountMax);
        _sweep = time.CreateTimer(_ => _ = SweepAsync(), null, SweepPeriod, SweepPeriod);
    }

    /// <summary>Actors that are alive.</summary>
    public int ActorCount => _models.Keys.Count + _replicas.Keys.Count;

    /// <inheritdoc/>
    public IModelActor Model(LoadKey key) => new LocalModelActor(this, key);

    /// <inheritdoc/>
    public IReplicaActor Replica(ReplicaKey key) => new LocalReplicaActor(this, key);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<ReplicaStatus>> ListReplicasAsync(CancellationToken cancellationToken)
    {
        List<ReplicaStatus> statuses = [];
        foreach (var key in _replicas.Keys)
        {
            if (await Replica(key).StatusAsync(cancellationToken) is { } status)
            {
                statuses.Add(status);
            }
        }

        return statuses;
    }

    /// <inheritdoc/>
    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Takes no new requests from here on, and starts the grace period.</summary>
    public Task StoppingAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            _stopping = true;
            _stop ??= DrainAsync();
            if (_admissionCount == 0)
            {
                _drained.TrySetResult();
            }
        }

        return Task.CompletedTask;
    }

    /// <summary>Waits for the running requests, then unloads.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await StoppingAsync(cancellationToken);
        await _stop!.WaitAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Unloads without waiting for anybody.</summary>
    public async ValueTask DisposeAsync()
    {
        await _sweep.DisposeAsync();
        await StoppingAsync(CancellationToken.None);
        await _aborting.CancelAsync();
        await _stop!;
    }

    internal async IAsyncEnumerable<AdmissionReply> AdmitAsync(
        LoadKey key, AdmissionRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (!TryBegin())
        {
            yield return new AdmissionReply { Refusal = new Refusal(ModelErrorCode.ShuttingDown, null, null) };
            yield break;
        }

        try
        {
            var replies = UntilAbortedAsync(
                token => _models.StreamAsync(key, (queue, turn) => queue.AdmitAsync(request, turn), token),
                cancellationToken);
            await foreach (var reply in replies.AsItemsAsync(
                refusal => new AdmissionReply { Refusal = refusal }, cancellationToken))
            {
                yield return reply;
            }
        }
        finally
        {
            End();
        }
    }

    /// <summary>Forgets the actors that have nothing to remember.</summary>
    internal async Task SweepAsync()
    {
        await _models.SweepAsync();
        await _replicas.SweepAsync();
    }

    internal IAsyncEnumerable<ReplicaReply> StreamAsync(
        ReplicaKey key, Func<ModelReplica, CancellationToken, IAsyncEnumerable<ReplicaReply>> call,
        CancellationToken cancellationToken) =>
        UntilAbortedAsync(token => _replicas.StreamAsync(key, call, token), cancellationToken)
            .AsItemsAsync(refusal => new ReplicaReply { Refusal = refusal }, cancellationToken);

    internal Task<T> CallAsync<T>(ReplicaKey key, Func<ModelReplica, Task<T>> call) => _replicas.CallAsync(key, call);

    /// <summary>
    /// The stream, refused with <see cref="ModelErrorCode.ShuttingDown"/> when the grace period ends first.
    /// </summary>
    private async IAsyncEnumerable<T> UntilAbortedAsync<T>(
        Func<CancellationToken, IAsyncEnumerable<T>> open, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _aborting.Token);
        await using var items = open(either.Token).GetAsyncEnumerator(either.Token);
        while (await NextAsync())
        {
            yield return items.Current;
        }

        async ValueTask<bool> NextAsync()
        {
            try
            {
                return await items.MoveNextAsync();
            }
            catch (OperationCanceledException)
                when (_aborting.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
            {
                throw new ModelException(ModelErrorCode.ShuttingDown);
            }
        }
    }

    private bool TryBegin()
    {
        lock (_lock)
        {
            _admissionCount += _stopping ? 0 : 1;
            return !_stopping;
        }
    }

    private void End()
    {
        lock (_lock)
        {
            if (--_admissionCount == 0 && _stopping)
            {
                _drained.TrySetResult();
            }
        }
    }

    private async Task DrainAsync()
    {
        await Task.WhenAny(_drained.Task, Task.Delay(_options.ShutdownGrace, _time, _aborting.Token));
        if (!_drained.Task.IsCompleted)
        {
            Log.GraceEnded(_logger, _options.ShutdownGrace, Volatile.Read(ref _admissionCount));
        }

        await _aborting.CancelAsync();
        foreach (var key in _replicas.Keys)
        {
            await _replicas.CallAsync(key, async replica =>
            {
                await replica.DisposeAsync();
                return true;
            });
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "After {Grace} of grace {RequestCount} requests were still running.")]
        public static partial void GraceEnded(ILogger logger, TimeSpan grace, int requestCount);
    }
}
