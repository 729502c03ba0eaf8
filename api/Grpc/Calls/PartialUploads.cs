using Ollama.Platform.Contracts.Blobs;
using Ollama.Platform.Contracts.Library;

namespace Ollama.Platform.Api.Grpc.Calls;

/// <summary>
/// Uploads that broke off, by digest, until somebody goes on with them. One that is under way is not among them: it
/// belongs to its stream. Any thread.
/// </summary>
internal sealed class PartialUploads(IBlobUploads uploads)
{
    private readonly Lock _turn = new();
    private readonly Dictionary<Digest, string> _sessions = [];

    /// <summary>How much of an upload that broke off is here, in bytes; zero for none.</summary>
    public async Task<long> FindAsync(Digest digest, CancellationToken cancellationToken)
    {
        string? id;
        lock (_turn)
        {
            _sessions.TryGetValue(digest, out id);
        }

        return id is null ? 0 : await uploads.FindAsync(id, cancellationToken) ?? 0;
    }

    /// <summary>Takes an upload that broke off for one stream alone; null when there is none.</summary>
    public string? Take(Digest digest)
    {
        lock (_turn)
        {
            return _sessions.Remove(digest, out var id) ? id : null;
        }
    }

    /// <summary>Keeps an upload that broke off, in place of one that broke off before.</summary>
    public async Task KeepAsync(Digest digest, string id)
    {
        KeyValuePair<Digest, string>[] others;
        lock (_turn)
        {
            others = [.. _sessions];
            _sessions[digest] = id;
        }

        foreach (var (other, session) in others)
        {
            if (other == digest)
            {
                await uploads.CancelAsync(session, CancellationToken.None);
            }
            else if (await uploads.FindAsync(session, CancellationToken.None) is null)
            {
                // It stood still for too long; the store has dropped it.
                Forget(other, session);
            }
        }
    }

    private void Forget(Digest digest, string id)
    {
        lock (_turn)
        {
            if (_sessions.TryGetValue(digest, out var current) && current == id)
            {
                _sessions.Remove(digest);
            }
        }
    }
}
