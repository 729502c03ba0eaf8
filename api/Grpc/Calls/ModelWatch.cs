using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Ollama.Platform.Api.Errors;
using Ollama.Platform.Contracts.Errors;
using Ollama.Platform.Contracts.Library;
using Ollama.Platform.Contracts.Models;

namespace Ollama.Platform.Api.Grpc.Calls;

/// <summary>
/// Looks at the models once a second while anybody watches, once for all who do: a store may also change under the
/// server, so that looking is the one way to see everything. Any thread.
/// </summary>
internal sealed class ModelWatch(
    ILibrary library, IModels models, TimeProvider time, IOptions<ApiOptions> options, IHostApplicationLifetime host)
    : IDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly int _countMax = options.Value.Grpc.WatcherCountMax;
    private ModelsSeen? _seen;
    private long _seenAt;
    private int _watcherCount;

    /// <summary>What is there now, and then again each time that it may have changed. Ends with the caller.</summary>
    /// <exception cref="GrpcException">Too many are watching.</exception>
    /// <exception cref="ModelException">The server stops: nobody should hold it up by watching.</exception>
    public async IAsyncEnumerable<ModelsSeen> FollowAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var place = new WatcherPlace(this);
        using var timer = new PeriodicTimer(Period, time);
        using var stopping = host.ApplicationStopping.UnsafeRegister(
            static timer => ((PeriodicTimer)timer!).Dispose(), timer);
        do
        {
            yield return await LookAsync(cancellationToken);
        }
        while (await timer.WaitForNextTickAsync(cancellationToken));

        // The timer ends when the server does.
        throw new ModelException(ModelErrorCode.ShuttingDown);
    }

    /// <summary>
    /// As <see cref="FollowAsync"/> for those who watch the server alone: now and when it stops. Nobody looks at the
    /// models for them.
    /// </summary>
    /// <exception cref="GrpcException">Too many are watching.</exception>
    /// <exception cref="ModelException">The server stops.</exception>
    public async IAsyncEnumerable<ModelsSeen> FollowServerAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var place = new WatcherPlace(this);
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var stopping = host.ApplicationStopping.UnsafeRegister(
            static stopped => ((TaskCompletionSource)stopped!).TrySetResult(), stopped);
        yield return ModelsSeen.Nothing;
        await stopped.Task.WaitAsync(cancellationToken);
        yield return ModelsSeen.Nothing;
        throw new ModelException(ModelErrorCode.ShuttingDown);
    }

    /// <inheritdoc/>
    public void Dispose() => _turn.Dispose();

    /// <summary>What is there now, or was half a second ago.</summary>
    public async Task<ModelsSeen> LookAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            // Half a period: whoever began watching between two looks of another does not see what is a period old.
            if (_seen is null || time.GetElapsedTime(_seenAt) > Period / 2)
            {
                var stored = await library.ListAsync(cancellationToken);
                var loaded = await models.ListLoadedAsync(cancellationToken);
                _seen = new ModelsSeen(
                    time.GetUtcNow(),
                    ToMap(stored.Select(model => (model.Name.DisplayName, model.ManifestDigest.ToString()))),
                    ToMap(loaded.Select(model => (model.Name, "sha256:" + model.ManifestDigestHex))));
                _seenAt = time.GetTimestamp();
            }

            return _seen;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>One of the places of those who watch.</summary>
    private readonly struct WatcherPlace : IDisposable
    {
        private readonly ModelWatch _watch;

        public WatcherPlace(ModelWatch watch)
        {
            if (Interlocked.Increment(ref watch._watcherCount) > watch._countMax)
            {
                Interlocked.Decrement(ref watch._watcherCount);
                throw new GrpcException(GrpcErrorCode.TooManyWatchers, "too many calls are watching");
            }

            _watch = watch;
        }

        public void Dispose() => Interlocked.Decrement(ref _watch._watcherCount);
    }

    // Several replicas of one model have one name, and names that differ in case are one on some file systems.
    private static ImmutableSortedDictionary<string, string> ToMap(IEnumerable<(string Name, string Digest)> models) =>
        models.DistinctBy(model => model.Name, StringComparer.OrdinalIgnoreCase).ToImmutableSortedDictionary(
            model => model.Name, model => model.Digest, StringComparer.OrdinalIgnoreCase);
}
