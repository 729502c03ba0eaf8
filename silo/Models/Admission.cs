using Ollama.Platform.Contracts.Cluster;
using Ollama.Platform.Contracts.Errors;

namespace Ollama.Platform.Silo.Models;

/// <summary>A place at a replica; disposing gives it back.</summary>
internal sealed class Admission : IAsyncDisposable
{
    private readonly CancellationTokenSource _leaving;
    private readonly IAsyncEnumerator<AdmissionReply> _replies;
    private readonly Task _held;

    private Admission(
        CancellationTokenSource leaving, IAsyncEnumerator<AdmissionReply> replies, AdmissionReply reply)
    {
        (_leaving, _replies, Reply) = (leaving, replies, reply);
        _held = HoldAsync(replies);
    }

    /// <summary>Where the place is, and what the wait was for.</summary>
    public AdmissionReply Reply { get; }

    /// <summary>The replica that serves.</summary>
    public ReplicaKey Replica => Reply.Replica!.Value;

    /// <summary>Waits for a place.</summary>
    /// <exception cref="ModelException">There is none.</exception>
    public static async Task<Admission> EnterAsync(
        IModelActor model, AdmissionRequest request, CancellationToken cancellationToken)
    {
        var leaving = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var replies = model.AdmitAsync(request, leaving.Token).GetAsyncEnumerator(leaving.Token);
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
                    return new Admission(leaving, replies, replies.Current);
                }
            }

            throw new ModelException(ModelErrorCode.ShuttingDown);
        }
        catch
        {
            await replies.DisposeAsync();
            leaving.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _leaving.CancelAsync();
        await _held.ConfigureAwait(
            ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        await _replies.DisposeAsync();
        _leaving.Dispose();
    }

    /// <summary>Goes on reading: in a cluster a stream that nobody reads is taken for abandoned.</summary>
    private static async Task HoldAsync(IAsyncEnumerator<AdmissionReply> replies)
    {
        while (await replies.MoveNextAsync())
        {
        }
    }
}
