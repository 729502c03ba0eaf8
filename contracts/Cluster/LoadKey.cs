using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Ollama.Platform.Contracts.Cluster;

/// <summary>
/// Names what is loaded: a digest over weights, projectors, draft model and the options that take effect at load time,
/// 64 lower-case hex digits. Two names for the same weights share a key, whatever their adapters; a changed name never
/// keeps its old one.
/// </summary>
public readonly record struct LoadKey
{
    private const int HexLength = 64;
    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdef");
    private readonly string? _hex;

    private LoadKey(string hex) => _hex = hex;

    /// <summary>The 64 hex digits.</summary>
    public string Hex => _hex ?? throw new InvalidOperationException("The load key is empty.");

    /// <summary>Computes the key of a plan.</summary>
    public static LoadKey Of(LoadPlan plan)
    {
        // A line for each part, each with its name, so that no two plans write the same text.
        var text = new StringBuilder("load-key 1\n");
        text.Append(CultureInfo.InvariantCulture, $"weights {plan.Model.Weights}\n");
        foreach (var projector in plan.Model.Projectors)
        {
            text.Append(CultureInfo.InvariantCulture, $"projector {projector}\n");
        }

        if (plan.Draft is { } draft)
        {
            text.Append(CultureInfo.InvariantCulture, $"draft {draft.Weights}\n");
        }

        text.Append(CultureInfo.InvariantCulture, $"""
            embedding {plan.Embedding}
            context {plan.ContextTokens}
            batch {plan.BatchTokens}
            gpu-layers {plan.GpuLayerCount}
            main-gpu {plan.MainGpu}
            memory-mapped {plan.MemoryMapped}
            threads {plan.ThreadCount}
            key-value {plan.KeyValueType}
            flash-attention {plan.FlashAttention}
            rope-base {plan.RopeFrequencyBase}
            rope-scale {plan.RopeFrequencyScale}
            """);
        return new LoadKey(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString()))));
    }

    /// <summary>Accepts 64 lower-case hex digits.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out LoadKey key)
    {
        key = default;
        if (text.Length != HexLength || text.ContainsAnyExcept(HexDigits))
        {
            return false;
        }

        key = new LoadKey(text.ToString());
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => Hex;
}
