using System.Globalization;

namespace Ollama.Platform.BlobStore.Conversion;

/// <summary>A tensor's name taken apart, so that one rule serves every layer and every expert.</summary>
/// <param name="Pattern">The name without prefix and suffix; <c>{n}</c> is the layer, <c>{x}</c> the expert.</param>
/// <param name="Layer">Number of the layer; −1 when the tensor belongs to none.</param>
/// <param name="Expert">Number of the expert; −1 when the tensor belongs to none.</param>
/// <param name="Suffix"><c>weight</c> or <c>bias</c>.</param>
internal readonly record struct TensorName(string Pattern, int Layer, int Expert, string Suffix)
{
    // What different classes put in front of the same names.
    private static readonly string[] Prefixes =
        ["model.language_model.", "language_model.model.", "language_model.", "model.", "bert."];

    /// <summary>Takes a name apart; the names of older BERT files come out with today's suffixes.</summary>
    public static TensorName Parse(string name)
    {
        foreach (var prefix in Prefixes)
        {
            if (name.StartsWith(prefix, StringComparison.Ordinal))
            {
                name = name[prefix.Length..];
                break;
            }
        }

        var (layer, expert) = (-1, -1);
        var parts = name.Split('.');
        for (var index = 0; index < parts.Length; index++)
        {
            if (!int.TryParse(parts[index], NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            {
                continue;
            }

            if (layer < 0)
            {
                (layer, parts[index]) = (number, "{n}");
            }
            else if (expert < 0)
            {
                (expert, parts[index]) = (number, "{x}");
            }
        }

        var suffix = parts[^1] switch
        {
            "gamma" => "weight",
            "beta" => "bias",
            var last => last,
        };
        return suffix is "weight" or "bias"
            ? new TensorName(string.Join('.', parts[..^1]), layer, expert, suffix)
            : new TensorName(string.Join('.', parts), layer, expert, "");
    }
}
