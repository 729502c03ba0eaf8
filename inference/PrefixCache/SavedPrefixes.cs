using Ollama.Platform.Inference.Sequences;

namespace Ollama.Platform.Inference.PrefixCache;

/// <summary>
/// Beginnings of sequences that are kept in RAM beyond their slot, within a budget; the one unused for longest goes
/// first. It touches no engine. Belongs to the decode thread, but not to the path of a token.
/// </summary>
/// <param name="bytesMax">Bytes that it may take; 0 keeps nothing.</param>
/// <param name="canCut">Whether a part of a beginning is of use; otherwise only the whole is.</param>
internal sealed class SavedPrefixes(long bytesMax, bool canCut)
{
    // The most recently used last; a budget holds few, since each takes megabytes.
    private readonly List<SavedPrefix> _prefixes = [];

    /// <summary>Whether anything may be kept.</summary>
    public bool IsEnabled => bytesMax > 0;

    /// <summary>Bytes in use.</summary>
    public long Bytes { get; private set; }

    /// <summary>Number of beginnings.</summary>
    public int Count => _prefixes.Count;

    /// <summary>Whether something of this size may be kept at all.</summary>
    public bool HasRoomFor(long bytes) => bytes > 0 && bytes <= bytesMax;

    /// <summary>The beginning that serves a sequence best; null when none has more than the tokens given.</summary>
    /// <param name="sequence">The sequence.</param>
    /// <param name="tokensMin">Tokens from which on it is worth it.</param>
    /// <param name="tokenCount">Tokens that serve.</param>
    public SavedPrefix? Find(Sequence sequence, int tokensMin, out int tokenCount)
    {
        SavedPrefix? best = null;
        tokenCount = 0;
        // The last token is computed again in any case: its logits were not kept.
        var tokens = sequence.Tokens.AsSpan(0, sequence.TokenCount - 1);
        foreach (var prefix in _prefixes)
        {
            var common = prefix.AdapterKey == sequence.AdapterKey ? tokens.CommonPrefixLength(prefix.Tokens) : 0;
            if (common >= tokensMin && common > tokenCount && (canCut || common == prefix.Tokens.Length))
            {
                best = prefix;
                tokenCount = common;
            }
        }

        return best;
    }

    /// <summary>Whether these tokens are the beginning of one that is kept; it then counts as used.</summary>
    public bool Holds(ReadOnlySpan<int> tokens, long adapterKey)
    {
        for (var index = 0; index < _prefixes.Count; index++)
        {
            var prefix = _prefixes[index];
            if (prefix.AdapterKey == adapterKey && prefix.Tokens.StartsWith(tokens)
                && (canCut || prefix.Tokens.Length == tokens.Length))
            {
                Use(prefix);
                return true;
            }
        }

        return false;
    }

    /// <summary>The beginning has served: it goes later than those that have not.</summary>
    public void Use(SavedPrefix prefix)
    {
        _prefixes.Remove(prefix);
        _prefixes.Add(prefix);
    }

    /// <summary>Keeps a beginning; those that it contains go, then those unused for longest until it fits.</summary>
    public void Add(SavedPrefix added)
    {
        if (!HasRoomFor(added.Bytes))
        {
            added.Dispose();
            return;
        }

        for (var index = _prefixes.Count - 1; index >= 0 && canCut; index--)
        {
            if (_prefixes[index].AdapterKey == added.AdapterKey && added.Tokens.StartsWith(_prefixes[index].Tokens))
            {
                RemoveAt(index);
            }
        }

        while (_prefixes.Count > 0 && Bytes + added.Bytes > bytesMax)
        {
            RemoveAt(0);
        }

        _prefixes.Add(added);
        Bytes += added.Bytes;
    }

    /// <summary>Gives back what was computed with adapters that are going.</summary>
    public void Forget(long adapterKey)
    {
        for (var index = _prefixes.Count - 1; index >= 0; index--)
        {
            if (_prefixes[index].AdapterKey == adapterKey)
            {
                RemoveAt(index);
            }
        }
    }

    /// <summary>Gives everything back.</summary>
    public void Clear()
    {
        while (_prefixes.Count > 0)
        {
            RemoveAt(_prefixes.Count - 1);
        }
    }

    private void RemoveAt(int index)
    {
        Bytes -= _prefixes[index].Bytes;
        _prefixes[index].Dispose();
        _prefixes.RemoveAt(index);
    }
}
