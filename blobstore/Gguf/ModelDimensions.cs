namespace Ollama.Platform.BlobStore.Gguf;

/// <summary>
/// The numbers that shape a model, within bounds in which native code neither divides by zero, nor fails an assertion
/// (which ends the process), nor allocates without measure. Shapes of tensors are checked by native code itself.
/// </summary>
internal sealed class ModelDimensions
{
    private const int LayerCountMax = 512;
    private const int ExpertCountMax = 1024;
    private const int ContextTokensMax = 1 << 28;
    private const int WidthMax = 1 << 20;
    private const int HeadCountMax = 1 << 14;
    private const int HeadLengthMax = 1 << 16;
    private const int PoolingTypeMax = 4;

    private readonly GgufFile _file;
    private readonly string _prefix;

    private ModelDimensions(GgufFile file)
    {
        _file = file;
        _prefix = file.Architecture + ".";
        ContextTokens = (int)Require("context_length", 1, ContextTokensMax);
        LayerCount = (int)Require("block_count", 1, LayerCountMax);
        EmbeddingLength = (int)Require("embedding_length", 1, WidthMax);
    }

    public int ContextTokens { get; }

    public int LayerCount { get; }

    public int EmbeddingLength { get; }

    /// <summary>Over all layers.</summary>
    public long KeyValueHeadCount { get; private set; }

    public int KeyLength { get; private set; }

    public int ValueLength { get; private set; }

    /// <summary>These have no attention heads and say so with a 0, or with nothing.</summary>
    private bool IsRecurrent => _prefix.StartsWith("mamba", StringComparison.Ordinal)
        || _prefix.StartsWith("rwkv", StringComparison.Ordinal) || _prefix.StartsWith("arwkv", StringComparison.Ordinal)
        || _prefix.StartsWith("wavtokenizer", StringComparison.Ordinal);

    /// <summary>Reads the numbers of a model.</summary>
    public static ModelDimensions Check(GgufFile file)
    {
        var kind = file.FindText("general.type");
        if (file.Architecture.Length == 0 || file.Architecture == "clip" || kind is "adapter" or "mmproj" or "imatrix")
        {
            throw new GgufException(file.Architecture.Length == 0
                ? "The file lacks the key 'general.architecture'."
                : $"The file is no model but a {kind ?? "projector"}.");
        }

        if (file.FindInteger("split.count") > 1)
        {
            throw new GgufException("The file is one part of a split model; merge the parts first.");
        }

        var dimensions = new ModelDimensions(file);
        dimensions.CheckHeads();
        dimensions.CheckExperts();
        dimensions.CheckRope();
        dimensions.CheckRest();
        return dimensions;
    }

    private void CheckHeads()
    {
        var heads = PerLayer("attention.head_count", HeadCountMax);
        if (heads is null || heads[0] == 0)
        {
            if (heads is not { Count: > 1 } && !IsRecurrent)
            {
                throw new GgufException($"The key '{_prefix}attention.head_count' must be greater than 0.");
            }
        }
        else if (Optional("attention.key_length", 1, HeadLengthMax) is null && EmbeddingLength % heads[0] != 0)
        {
            throw new GgufException(
                $"The key '{_prefix}embedding_length' is {EmbeddingLength}, no multiple of the {heads[0]} heads.");
        }

        var headCountMax = heads is null ? 0 : heads.Max();
        var headLength = headCountMax > 0 ? EmbeddingLength / (int)heads!.First(count => count > 0) : 0;
        KeyLength = (int)(Optional("attention.key_length", 1, HeadLengthMax) ?? headLength);
        ValueLength = (int)(Optional("attention.value_length", 1, HeadLengthMax) ?? headLength);
        var shared = PerLayer("attention.head_count_kv", HeadCountMax) ?? heads ?? [0];
        for (var layer = 0; layer < LayerCount; layer++)
        {
            var (queries, keys) = (At(heads ?? [0], layer), At(shared, layer));
            if (keys > queries || (keys > 0 && queries % keys != 0) || (shared.Count == 1 && keys == 0 && queries > 0))
            {
                throw new GgufException(
                    $"The key '{_prefix}attention.head_count_kv' is {keys} in layer {layer}; "
                    + $"it must divide {queries}.");
            }

            KeyValueHeadCount += keys;
        }
    }

    private void CheckExperts()
    {
        var count = Optional("expert_count", 0, ExpertCountMax) ?? 0;
        var used = PerLayer("expert_used_count", ExpertCountMax)?.Max() ?? 0;
        if (used > count || (count > 0 && used == 0))
        {
            throw new GgufException($"The key '{_prefix}expert_used_count' is {used} of {count} experts.");
        }

        var groups = Optional("expert_group_count", 0, ExpertCountMax) ?? 0;
        var groupsUsed = Optional("expert_group_used_count", 0, ExpertCountMax) ?? 0;
        if ((groups > 0 && groups >= count)
            || (groups > 1 && (count % groups != 0 || groupsUsed == 0 || groupsUsed >= groups)))
        {
            throw new GgufException(
                $"The key '{_prefix}expert_group_count' is {groups}, of which {groupsUsed} used, for {count} experts.");
        }
    }

    private void CheckRope()
    {
        var rotated = Optional("rope.dimension_count", 0, HeadLengthMax) ?? 0;
        if (rotated % 2 != 0 || (KeyLength > 0 && rotated > KeyLength))
        {
            throw new GgufException(
                $"The key '{_prefix}rope.dimension_count' is {rotated}; it must be even and at most {KeyLength}.");
        }

        var scaling = _file.FindText(_prefix + "rope.scaling.type") ?? "none";
        if (scaling is not ("none" or "linear" or "yarn" or "longrope"))
        {
            throw new GgufException($"The key '{_prefix}rope.scaling.type' is '{scaling}', which is not known.");
        }

        Real("rope.freq_base", 0, 1e15);
        Real("rope.scaling.factor", 0, 1e6);
    }

    private void CheckRest()
    {
        PerLayer("feed_forward_length", 1 << 26);
        Optional("vocab_size", 0, 1 << 24);
        Optional("pooling_type", 0, PoolingTypeMax);
        Optional("nextn_predict_layers", 0, LayerCount - 1);
        Real("attention.layer_norm_rms_epsilon", 0, 1);
        Real("attention.layer_norm_epsilon", 0, 1);
    }

    private long Require(string name, long min, long max) => Optional(name, min, max)
        ?? throw new GgufException($"The file lacks the key '{_prefix}{name}'.");

    private long? Optional(string name, long min, long max)
    {
        if (_file.Find(_prefix + name) is not { } value)
        {
            return null;
        }

        return value.IsInteger && value.Number >= min && value.Number <= max
            ? value.Number
            : throw new GgufException(value.IsInteger
                ? $"The key '{_prefix}{name}' is {value.Number}; it must be between {min} and {max}."
                : $"The key '{_prefix}{name}' must be an integer.");
    }

    /// <summary>One number for all layers, or one for each; null when the key is absent.</summary>
    private IReadOnlyList<long>? PerLayer(string name, long max)
    {
        if (_file.Find(_prefix + name) is not { Type: GgufValueType.Array } array)
        {
            return Optional(name, 0, max) is { } number ? [number] : null;
        }

        if (array.Integers is not { } numbers || numbers.Count != LayerCount)
        {
            throw new GgufException(
                $"The key '{_prefix}{name}' has {array.ElementCount} elements; it must have one integer per layer "
                + $"({LayerCount}).");
        }

        return numbers.All(number => number >= 0 && number <= max)
            ? numbers
            : throw new GgufException($"The key '{_prefix}{name}' has an element that is not between 0 and {max}.");
    }

    private void Real(string name, double min, double max)
    {
        if (_file.Find(_prefix + name) is { Type: GgufValueType.F32 or GgufValueType.F64 } value
            && !(value.Real >= min && value.Real <= max))
        {
            throw new GgufException($"The key '{_prefix}{name}' is {value.Real}; it must be between {min} and {max}.");
        }
    }

    private static long At(IReadOnlyList<long> numbers, int layer) => numbers.Count == 1 ? numbers[0] : numbers[layer];
}
