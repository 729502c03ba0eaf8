using Ollama.Platform.Contracts.Library;

namespace Ollama.Platform.BlobStore.Upkeep;

/// <summary>
/// The blobs that unfinished creates and pulls of this process count on although no manifest names them yet. Safe for
/// any number of callers.
/// </summary>
public sealed class BlobClaims
{
    private readonly Lock _lock = new();
    private readonly Dictionary<Digest, int> _counts = [];

    /// <summary>Begins a claim; what is added to it stays until it is disposed.</summary>
    public BlobClaim Begin() => new(this);

    internal void Add(Digest digest)
    {
        lock (_lock)
        {
            _counts[digest] = _counts.GetValueOrDefault(digest) + 1;
        }
    }

    internal void Remove(IReadOnlyCollection<Digest> digests)
    {
        lock (_lock)
        {
            foreach (var digest in digests)
            {
                if (--_counts[digest] == 0)
                {
                    _counts.Remove(digest);
                }
            }
        }
    }

    /// <summary>
    /// Removes a blob unless it is claimed. Whoever claims it afterwards finds it gone, whoever claimed it before keeps
    /// it: there is no moment between.
    /// </summary>
    internal bool RemoveUnlessClaimed(Digest digest, Action remove)
    {
        lock (_lock)
        {
            if (_counts.ContainsKey(digest))
            {
                return false;
            }

            remove();
            return true;
        }
    }
}

/// <summary>What one create or pull counts on. Not safe for several callers at once.</summary>
public sealed class BlobClaim : IDisposable
{
    private readonly BlobClaims _claims;
    private readonly HashSet<Digest> _digests = [];

    internal BlobClaim(BlobClaims claims) => _claims = claims;

    /// <summary>Keeps a blob from being removed; to be called before asking whether it is here.</summary>
    public void Add(Digest digest)
    {
        if (_digests.Add(digest))
        {
            _claims.Add(digest);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _claims.Remove(_digests);
        _digests.Clear();
    }
}
