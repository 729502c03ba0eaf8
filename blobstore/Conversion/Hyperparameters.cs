using System.Text.Json;

namespace Ollama.Platform.BlobStore.Conversion;

/// <summary>
/// What <c>config.json</c> says. Models that see images keep what the language model needs under <c>text_config</c>,
/// which goes before the rest.
/// </summary>
internal sealed class Hyperparameters
{
    private readonly JsonElement _root;
    private readonly JsonElement? _text;

    public Hyperparameters(JsonElement root)
    {
        (_root, _text) = (root, root.Field("text_config"));
        var rope = Find("rope_parameters") ?? Find("rope_scaling");
        Rope = rope.Field("full_attention") ?? rope;
        LocalRopeBase = rope.Field("sliding_attention").Field("rope_theta").AsReal()
            ?? FindReal("rope_local_base_freq", "local_rope_theta");
        RopeBase = Rope.Field("rope_theta").AsReal() ?? FindReal("rope_theta", "rotary_emb_base");
    }

    /// <summary>Names of the classes that the model was made with; the first counts.</summary>
    public IReadOnlyList<string> Architectures =>
        [.. Find("architectures").Items().Select(item => ((JsonElement?)item).AsText()).OfType<string>()];

    /// <summary>How positions are rotated in the layers that see everything; null when nothing is said.</summary>
    public JsonElement? Rope { get; }

    /// <summary>Base of the rotation.</summary>
    public double? RopeBase { get; }

    /// <summary>Base of the rotation in layers that see a window only.</summary>
    public double? LocalRopeBase { get; }

    /// <summary>Name of the scaling of positions; null when there is none.</summary>
    public string? RopeType => (Rope.Field("rope_type").AsText() ?? Rope.Field("type").AsText())?.ToLowerInvariant()
        is { } type and not ("default" or "none") ? type : null;

    public JsonElement? Find(string name) => _text.Field(name) ?? _root.Field(name);

    public string? FindText(string name) => Find(name).AsText();

    public bool? FindBool(string name) => Find(name).AsBool();

    /// <summary>The first count of several names; null when there is none.</summary>
    public uint? FindCount(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (Find(name) is { } value)
            {
                return value.ValueKind == JsonValueKind.Number && ((JsonElement?)value).AsCount() is { } count
                    ? (uint)count
                    : throw new ConversionException($"The value '{name}' in config.json must be a count.");
            }
        }

        return null;
    }

    /// <summary>The first count of several names, which must be greater than 0.</summary>
    public uint Count(params ReadOnlySpan<string> names) => FindCount(names) is { } count and > 0
        ? count
        : throw new ConversionException($"The file config.json lacks the value '{names[0]}' or it is 0.");

    /// <summary>The first real number of several names; null when there is none.</summary>
    public double? FindReal(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (Find(name) is { } value)
            {
                return ((JsonElement?)value).AsReal()
                    ?? throw new ConversionException($"The value '{name}' in config.json must be a number.");
            }
        }

        return null;
    }

    /// <summary>The first real number of several names.</summary>
    public double Real(params ReadOnlySpan<string> names) => FindReal(names)
        ?? throw new ConversionException($"The file config.json lacks the value '{names[0]}'.");
}
