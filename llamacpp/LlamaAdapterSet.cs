using Ollama.Platform.LlamaCpp.Loading;

namespace Ollama.Platform.LlamaCpp;

/// <summary>
/// LoRA adapters that a context applies together, each in full. Dispose it after the contexts that use it, or once they
/// use another one.
/// </summary>
public sealed class LlamaAdapterSet : IDisposable
{
    private readonly LlamaAdapter[] _adapters;

    private LlamaAdapterSet(LlamaAdapter[] adapters)
    {
        _adapters = adapters;
        Addresses = [.. adapters.Select(adapter => adapter.Handle.DangerousGetHandle())];
        Scales = [.. adapters.Select(_ => 1f)];
        Memory = adapters.Aggregate(default(MemoryUse), (sum, adapter) => sum + adapter.Memory);
    }

    /// <summary>No adapters: the model as it is.</summary>
    public static LlamaAdapterSet None { get; } = new([]);

    /// <summary>Bytes of the tensors, by where they lie.</summary>
    public MemoryUse Memory { get; }

    // Made once, since sets change between steps.
    internal nint[] Addresses { get; }

    internal float[] Scales { get; }

    /// <summary>Loads adapters; none of them when one fails.</summary>
    /// <exception cref="LlamaLoadException">A file does not exist or does not fit the model.</exception>
    public static LlamaAdapterSet Load(LlamaModel model, IReadOnlyList<string> paths)
    {
        ArgumentNullException.ThrowIfNull(paths);
        var adapters = new List<LlamaAdapter>(paths.Count);
        try
        {
            foreach (var path in paths)
            {
                adapters.Add(LlamaAdapter.Load(model, path));
            }

            return new LlamaAdapterSet([.. adapters]);
        }
        catch (LlamaLoadException)
        {
            adapters.ForEach(adapter => adapter.Dispose());
            throw;
        }
    }

    /// <summary>Frees the adapters.</summary>
    public void Dispose()
    {
        foreach (var adapter in _adapters)
        {
            adapter.Dispose();
        }
    }
}
