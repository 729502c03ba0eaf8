using Ollama.Platform.Contracts.Cluster;
using Ollama.Platform.Contracts.Errors;

namespace Ollama.Platform.Silo.Models;

/// <summary>A place at a replica; disposing gives it back.</summary>
internal sealed class Admission : IAsyncDisposable
{
    private readonly IAsyncEnumerator<AdmissionReply> _replies;

    private Admission(IAsyncEnumerator<AdmissionReply> replies, AdmissionReply reply) =>
        (_replies, Reply) = (replies, reply);

    /// <summary>Where the place is, and what the wait was for.</summary>
    public AdmissionReply Reply { get; }

    /// <summary>The replica that serves.</summary>
    public ReplicaKey Replica => Reply.Replica!.Value;

    /// <summary>Waits for a place.</summary>
    /// <exception cref="ModelException">There is none.</exception>
    public static async Task<Admission> EnterAsync(
        IModelActor model, AdmissionRequest request, CancellationToken cancellationToken)
    {
        var replies = model.AdmitAsync(request, cancellationToken).GetAsyncEnumerator(cancellationToken);
        try
        {
            while (await replies.MoveNextAsync())
            {
                if (replies.Current.Refusal is { } refusal)
                {
                    throw new ModelException(refusal);
                }

                if (replies.Current.Replica is not null)
                {
                    return new Admission(replies, replies.Current);
                }
            }

            throw new ModelException(ModelErrorCode.ShuttingDown);
        }
        catch
        {
            await replies.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _replies.DisposeAsync();
}
