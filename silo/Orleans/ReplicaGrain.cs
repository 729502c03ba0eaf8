using Ollama.Platform.Contracts.Cluster;
using Ollama.Platform.Silo.Models;
using Ollama.Platform.Silo.Wire;
using Orleans;
using Orleans.Concurrency;
using Orleans.Placement;

namespace Ollama.Platform.Silo.Orleans;

/// <summary>
/// Carries a <see cref="ModelReplica"/>; while something is loaded the activation stays, and stays here.
/// </summary>
[Reentrant]
[Immovable]
[GrainType(TypeName)]
internal sealed class ReplicaGrain(ActorFactory actors, TimeProvider time) : Grain, IReplicaGrain
{
    /// <summary>Names the class in ids.</summary>
    public const string TypeName = "ollama.replica";

    private static readonly TimeSpan ForEver = TimeSpan.FromDays(36_500);
    private static readonly TimeSpan NoLonger = TimeSpan.FromTicks(-1);

    private ModelReplica? _replica;

    /// <inheritdoc/>
    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        if (!ReplicaKey.TryParse(this.GetPrimaryKeyString(), out var key))
        {
            throw new ArgumentException("The key of a replica grain is a replica key.");
        }

        _replica = actors.CreateReplica(
            key, TaskScheduler.Current, active => DelayDeactivation(active ? ForEver : NoLonger));
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<ClusterEnvelope> LoadAsync(ClusterEnvelope request, CancellationToken cancellationToken) =>
        EnvelopeStreams.AnswerAsync(
            request, ClusterJson.Default.ReplicaLoad, _replica!.LoadAsync, RecordKinds.Replies, time,
            cancellationToken);

    /// <inheritdoc/>
    public IAsyncEnumerable<ClusterEnvelope> GenerateAsync(
        ClusterEnvelope request, CancellationToken cancellationToken) =>
        EnvelopeStreams.AnswerAsync(
            request, ClusterJson.Default.ReplicaGeneration, _replica!.GenerateAsync, RecordKinds.Replies, time,
            cancellationToken);

    /// <inheritdoc/>
    public IAsyncEnumerable<ClusterEnvelope> EmbedAsync(
        ClusterEnvelope request, CancellationToken cancellationToken) =>
        EnvelopeStreams.AnswerAsync(
            request, ClusterJson.Default.ReplicaEmbedding, _replica!.EmbedAsync, RecordKinds.Replies, time,
            cancellationToken);

    /// <inheritdoc/>
    public IAsyncEnumerable<ClusterEnvelope> RerankAsync(
        ClusterEnvelope request, CancellationToken cancellationToken) =>
        EnvelopeStreams.AnswerAsync(
            request, ClusterJson.Default.ReplicaReranking, _replica!.RerankAsync, RecordKinds.Replies, time,
            cancellationToken);

    /// <inheritdoc/>
    public IAsyncEnumerable<ClusterEnvelope> TokenizeAsync(
        ClusterEnvelope request, CancellationToken cancellationToken) =>
        EnvelopeStreams.AnswerAsync(
            request, ClusterJson.Default.ReplicaTokenization, _replica!.TokenizeAsync, RecordKinds.Replies, time,
            cancellationToken);

    /// <inheritdoc/>
    public Task UnloadAsync(string name, CancellationToken cancellationToken) =>
        _replica!.UnloadAsync(name, cancellationToken);

    /// <inheritdoc/>
    public async Task<ClusterEnvelope> StatusAsync(CancellationToken cancellationToken) =>
        await _replica!.StatusAsync(cancellationToken) is { } status
            ? ClusterEnvelope.Of(status, ClusterJson.Default.ReplicaStatus)
            : new ClusterEnvelope([]);

    /// <inheritdoc/>
    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        if (_replica is not null)
        {
            await _replica.DisposeAsync();
        }
    }
}
