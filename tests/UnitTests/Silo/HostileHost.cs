using System.Runtime.CompilerServices;
using System.Text.Json.Serialization.Metadata;
using Ollama.Platform.Contracts.Cluster;
using Ollama.Platform.Silo.Wire;

namespace Ollama.Platform.UnitTests.Silo;

/// <summary>
/// A host as a cluster would be on a bad day: everything that crosses is copied through the wire encoding, turns come
/// in a shuffled order, heartbeats mix in, and the silo can die without a word.
/// </summary>
internal sealed class HostileHost(IClusterHost inner, int seed) : IClusterHost
{
    private const int YieldsMax = 4;
    private readonly Random _random = new(seed);
    private volatile bool _killed;

    /// <summary>
    /// The time of heartbeats, apart from the silo's: a test that advances hours there loses no silo here.
    /// </summary>
    public ManualTimeProvider Network { get; } = new();

    /// <summary>From here on nothing answers any more, and nothing says so.</summary>
    public void Kill() => _killed = true;

    public IModelActor Model(LoadKey key) => new HostileModel(this, inner.Model(key));

    public IReplicaActor Replica(ReplicaKey key) => new HostileReplica(this, inner.Replica(key));

    public async Task<IReadOnlyList<ReplicaStatus>> ListReplicasAsync(CancellationToken cancellationToken)
    {
        await YieldAsync();
        var statuses = await inner.ListReplicasAsync(cancellationToken);
        return [.. statuses.Select(status => Copy(status, ClusterJson.Default.ReplicaStatus))];
    }

    private static T Copy<T>(T record, JsonTypeInfo<T> type) =>
        ClusterEncoding.Decode(ClusterEncoding.Encode(record, type), type);

    private async Task YieldAsync()
    {
        int count;
        lock (_random)
        {
            count = _random.Next(YieldsMax);
        }

        for (; count > 0; count--)
        {
            await Task.Yield();
        }
    }

    private IAsyncEnumerable<T> CrossAsync<T>(
        Func<CancellationToken, IAsyncEnumerable<T>> open, T heartbeat, JsonTypeInfo<T> type,
        Func<T, bool> isHeartbeat, CancellationToken cancellationToken) =>
        SendAsync(open, heartbeat, type, cancellationToken).WatchAsync(isHeartbeat, Network, cancellationToken);

    private async IAsyncEnumerable<T> SendAsync<T>(
        Func<CancellationToken, IAsyncEnumerable<T>> open, T heartbeat, JsonTypeInfo<T> type,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var item in open(cancellationToken).BeatAsync(heartbeat, Network, cancellationToken))
        {
            await YieldAsync();
            if (_killed)
            {
                // A call to a dead silo hangs.
                await Task.Delay(Timeout.InfiniteTimeSpan, Network, cancellationToken);
            }

            yield return Copy(item, type);
        }
    }

    private sealed class HostileModel(HostileHost host, IModelActor inner) : IModelActor
    {
        public IAsyncEnumerable<AdmissionReply> AdmitAsync(
            AdmissionRequest request, CancellationToken cancellationToken)
        {
            request = Copy(request, ClusterJson.Default.AdmissionRequest);
            return host.CrossAsync(
                token => inner.AdmitAsync(request, token), AdmissionReply.Heartbeat,
                ClusterJson.Default.AdmissionReply, reply => reply == AdmissionReply.Heartbeat, cancellationToken);
        }
    }

    private sealed class HostileReplica(HostileHost host, IReplicaActor inner) : IReplicaActor
    {
        public IAsyncEnumerable<ReplicaReply> LoadAsync(ReplicaLoad request, CancellationToken cancellationToken)
        {
            request = Copy(request, ClusterJson.Default.ReplicaLoad);
            return CrossAsync(token => inner.LoadAsync(request, token), cancellationToken);
        }

        public IAsyncEnumerable<ReplicaReply> GenerateAsync(
            ReplicaGeneration request, CancellationToken cancellationToken)
        {
            request = Copy(request, ClusterJson.Default.ReplicaGeneration);
            return CrossAsync(token => inner.GenerateAsync(request, token), cancellationToken);
        }

        public IAsyncEnumerable<ReplicaReply> EmbedAsync(
            ReplicaEmbedding request, CancellationToken cancellationToken)
        {
            request = Copy(request, ClusterJson.Default.ReplicaEmbedding);
            return CrossAsync(token => inner.EmbedAsync(request, token), cancellationToken);
        }

        public IAsyncEnumerable<ReplicaReply> RerankAsync(
            ReplicaReranking request, CancellationToken cancellationToken)
        {
            request = Copy(request, ClusterJson.Default.ReplicaReranking);
            return CrossAsync(token => inner.RerankAsync(request, token), cancellationToken);
        }

        public IAsyncEnumerable<ReplicaReply> TokenizeAsync(
            ReplicaTokenization request, CancellationToken cancellationToken)
        {
            request = Copy(request, ClusterJson.Default.ReplicaTokenization);
            return CrossAsync(token => inner.TokenizeAsync(request, token), cancellationToken);
        }

        public async Task UnloadAsync(string name, CancellationToken cancellationToken)
        {
            await host.YieldAsync();
            await inner.UnloadAsync(name, cancellationToken);
        }

        public async Task<ReplicaStatus?> StatusAsync(CancellationToken cancellationToken)
        {
            await host.YieldAsync();
            var status = await inner.StatusAsync(cancellationToken);
            return status is null ? null : Copy(status, ClusterJson.Default.ReplicaStatus);
        }

        private IAsyncEnumerable<ReplicaReply> CrossAsync(
            Func<CancellationToken, IAsyncEnumerable<ReplicaReply>> open, CancellationToken cancellationToken) =>
            host.CrossAsync(
                open, ReplicaReply.Heartbeat, ClusterJson.Default.ReplicaReply,
                reply => reply == ReplicaReply.Heartbeat, cancellationToken);
    }
}
