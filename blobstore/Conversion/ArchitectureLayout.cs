using Ollama.Platform.BlobStore.Gguf;

namespace Ollama.Platform.BlobStore.Conversion;

/// <summary>How the models of one GGUF architecture map from Hugging Face names: which keys, which tensors.</summary>
internal abstract class ArchitectureLayout(string name, Hyperparameters config)
{
    /// <summary>The name under <c>general.architecture</c>, which begins its keys.</summary>
    public string Name => name;

    /// <summary>Number of layers.</summary>
    public virtual int LayerCount => (int)Config.Count("num_hidden_layers", "n_layer", "num_layers");

    /// <summary>How many tensors of experts make one; 0 when there are no experts.</summary>
    public int ExpertCount => (int)(Config.FindCount("num_local_experts", "num_experts") ?? 0);

    /// <summary>The model makes vectors of texts and goes on with none.</summary>
    public virtual bool IsEncoder => false;

    protected Hyperparameters Config => config;

    /// <summary>Names without suffix, as <see cref="TensorName.Pattern"/> has them, to GGUF names.</summary>
    protected abstract IReadOnlyDictionary<string, string> Rules { get; }

    /// <summary>Adds the keys that shape the model.</summary>
    public abstract void AddKeys(GgufKeys keys);

    /// <summary>The GGUF name of a tensor, with the layer's number; null when none is known.</summary>
    public string? Rename(TensorName tensor)
    {
        var layer = tensor.Layer >= 0 ? $"blk.{tensor.Layer}." : "";
        return Rules.TryGetValue(tensor.Pattern, out var target) && tensor.Suffix.Length > 0
            ? $"{layer}{target}.{tensor.Suffix}"
            : null;
    }

    /// <summary>
    /// The matrices that each expert has in a tensor of all of them, in their order; none when the tensor is no such.
    /// </summary>
    public virtual IReadOnlyList<ExpertMatrix> StackedIn(TensorName tensor) => [];

    /// <summary>The tensor is nothing that the engine needs.</summary>
    public virtual bool Ignores(string tensorName) =>
        tensorName.EndsWith(".rotary_emb.inv_freq", StringComparison.Ordinal);

    /// <summary>What is added to each number of a tensor.</summary>
    public virtual float Added(string target) => 0;

    /// <summary>Heads whose rows alternate in the GGUF tensor; 0 when the rows stay as they are.</summary>
    public virtual int AlternatingHeads(string target) => 0;

    /// <summary>Tensors that are computed from the config, as floats.</summary>
    public virtual IEnumerable<(string Name, float[] Values)> Constants() => [];

    /// <summary>Adds a key of this architecture.</summary>
    protected void Add(GgufKeys keys, string key, uint value) => keys.Add($"{Name}.{key}", value);

    /// <summary>Adds a key of this architecture.</summary>
    protected void Add(GgufKeys keys, string key, double value) => keys.Add($"{Name}.{key}", (float)value);
}
