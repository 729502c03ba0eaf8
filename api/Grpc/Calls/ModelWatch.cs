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
    private ModelsSeen? _seen;
    private long _seenAt;
    private int _watcherCount;

    /// <summary>What is there now, and then again each time that it may have changed. Ends with the caller.</summary>
    /// <exception cref="GrpcException">Too many are watching.</exception>
    /// <exception cref="ModelException">The server stops: nobody should hold it up by watching.</exception>
    public async IAsyncEnumerable<ModelsSeen> FollowAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        try
        {
            if (Interlocked.Increment(ref _watcherCount) > options.Value.Grpc.WatcherCountMax)
            {
                throw new GrpcException(GrpcErrorCode.TooManyWatchers, "too many calls are watching");
            }

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
        finally
        {
            Interlocked.Decrement(ref _watcherCount);
        }
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

    // Several replicas of one model have one name, and names that differ in case are one on some file systems.
    private static ImmutableSortedDictionary<string, string> ToMap(IEnumerable<(string Name, string Digest)> models) =>
        models.DistinctBy(model => model.Name, StringComparer.OrdinalIgnoreCase).ToImmutableSortedDictionary(
            model => model.Name, model => model.Digest, StringComparer.OrdinalIgnoreCase);
}
