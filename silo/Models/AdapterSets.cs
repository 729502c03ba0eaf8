using Ollama.Platform.Contracts.Errors;
using Ollama.Platform.Contracts.Library;
using Ollama.Platform.Inference.Engine;
using Ollama.Platform.Inference.Runner;

namespace Ollama.Platform.Silo.Models;

/// <summary>
/// The adapters that a runner holds besides its weights, by the layers that they are made of: loaded with the first
/// request that has them, and freed when too many are unused. Belongs to the replica's turns.
/// </summary>
internal sealed class AdapterSets(IModelRunner runner, BlobPath blobPath)
{
    // A handful of megabytes each; those in use are bounded by the requests that a replica is handed.
    private const int UnusedCountMax = 8;

    private readonly AdapterSet _none = new(0, Task.FromResult(default(AdapterBytes)));
    private readonly Dictionary<string, AdapterSet> _sets = new(StringComparer.Ordinal);
    private long _lastKey;
    private long _useNumber;

    /// <summary>Waits until adapters are loaded; they stay until <see cref="Leave"/>.</summary>
    /// <exception cref="ModelException">A file is missing or does not fit the weights.</exception>
    public async Task<AdapterSet> EnterAsync(IReadOnlyList<Digest> adapters, CancellationToken cancellationToken)
    {
        if (adapters.Count == 0)
        {
            return _none;
        }

        var name = NameOf(adapters);
        if (!_sets.TryGetValue(name, out var set) || set.Load.IsFaulted)
        {
            // A key is never used again: whatever was computed with those of an earlier one stays apart.
            var key = ++_lastKey;
            string[] paths = [.. adapters.Select(Find)];
            _sets[name] = set = new AdapterSet(key, runner.LoadAdaptersAsync(key, paths, CancellationToken.None));
        }

        set.UseCount++;
        try
        {
            // The load goes on for the others, or for the next.
            await set.Load.WaitAsync(cancellationToken);
            return set;
        }
        catch
        {
            Leave(set);
            throw;
        }
    }

    /// <summary>A request has them no more.</summary>
    public void Leave(AdapterSet set)
    {
        if (set.Key == 0)
        {
            return;
        }

        set.UseCount--;
        set.UsedAt = ++_useNumber;
        while (FindSurplus() is { } surplus)
        {
            _sets.Remove(surplus.Name);
            _ = DropAsync(surplus.Set);
        }
    }

    /// <summary>What adapters take, as far as they are loaded.</summary>
    public AdapterBytes Measure(IReadOnlyList<Digest> adapters) =>
        adapters.Count > 0 && _sets.TryGetValue(NameOf(adapters), out var set) && set.Load.IsCompletedSuccessfully
            ? set.Load.GetAwaiter().GetResult()
            : default;

    private (string Name, AdapterSet Set)? FindSurplus()
    {
        var unused = _sets.Where(entry => entry.Value is { UseCount: 0, Load.IsCompleted: true }).ToList();
        if (unused.Count <= UnusedCountMax)
        {
            return null;
        }

        var (name, set) = unused.MinBy(entry => entry.Value.UsedAt);
        return (name, set);
    }

    private async Task DropAsync(AdapterSet set)
    {
        try
        {
            await runner.DropAdaptersAsync(set.Key, CancellationToken.None);
        }
        catch (ModelException)
        {
            // The runner has ended, and they with it; or they were never loaded.
        }
    }

    private string Find(Digest digest) =>
        blobPath(digest) ?? throw new ModelException(ModelErrorCode.BlobMissing, null, digest.ToString());

    // The order counts: sums of floating-point numbers depend on it.
    private static string NameOf(IReadOnlyList<Digest> adapters) => string.Join(',', adapters);
}
