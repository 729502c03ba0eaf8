using System.Buffers;

namespace Ollama.Platform.Inference.PrefixCache;

/// <summary>Cells of a sequence in RAM; disposing gives the memory back.</summary>
/// <param name="tokens">The tokens that they belong to.</param>
/// <param name="adapterKey">Adapters that they were computed with.</param>
/// <param name="state">What the engine needs to have them again.</param>
internal sealed class SavedPrefix(int[] tokens, long adapterKey, IMemoryOwner<byte> state) : IDisposable
{
    /// <summary>The tokens that the cells belong to, from the first on.</summary>
    public ReadOnlySpan<int> Tokens => tokens;

    /// <summary>Adapters that they were computed with.</summary>
    public long AdapterKey => adapterKey;

    /// <summary>What the engine needs to have them again.</summary>
    public ReadOnlySpan<byte> State => state.Memory.Span;

    /// <summary>Bytes that it takes.</summary>
    public long Bytes { get; } = state.Memory.Length + ((long)tokens.Length * sizeof(int));

    /// <inheritdoc/>
    public void Dispose() => state.Dispose();
}
