namespace Ollama.Platform.Inference.PrefixCache;

/// <summary>Cells of a sequence in RAM.</summary>
/// <param name="tokens">The tokens that they belong to.</param>
/// <param name="adapterKey">Adapters that they were computed with.</param>
/// <param name="state">What the engine needs to have them again.</param>
internal sealed class SavedPrefix(int[] tokens, long adapterKey, byte[] state)
{
    /// <summary>The tokens that the cells belong to, from the first on.</summary>
    public ReadOnlySpan<int> Tokens => tokens;

    /// <summary>Adapters that they were computed with.</summary>
    public long AdapterKey => adapterKey;

    /// <summary>What the engine needs to have them again.</summary>
    public ReadOnlySpan<byte> State => state;

    /// <summary>Bytes that it takes.</summary>
    public long Bytes => state.LongLength + ((long)tokens.Length * sizeof(int));
}
