using System.Text.Json;
using Ollama.Platform.Contracts.Errors;

namespace Ollama.Platform.Silo.Models;

/// <summary>
/// Reads options by wire name from a stack of sets, the strongest first, with Ollama's conversions: integers take
/// floats and drop the fraction, null counts as absent, another type is refused.
/// </summary>
internal sealed class OptionReader(string model, params IReadOnlyDictionary<string, JsonElement>[] sets)
{
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);

    /// <summary>An integer, null when absent. Values beyond the range of an int are clamped to it.</summary>
    public int? Integer(string name) =>
        Find(name) is not { } value ? null
        : value.ValueKind == JsonValueKind.Number ? Saturate(value.GetDouble())
        : throw Refuse(name, "type integer");

    /// <summary>A number, null when absent, clamped to finite floats.</summary>
    public float? Number(string name) =>
        Find(name) is not { } value ? null
        : value.ValueKind == JsonValueKind.Number ? (float)Math.Clamp(value.GetDouble(), float.MinValue, float.MaxValue)
        : throw Refuse(name, "type float32");

    /// <summary>A truth value, null when absent.</summary>
    public bool? Boolean(string name) =>
        Find(name) is not { } value ? null
        : value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean()
        : throw Refuse(name, "type boolean");

    /// <summary>A text, null when absent.</summary>
    public string? Text(string name) =>
        Find(name) is not { } value ? null
        : value.ValueKind == JsonValueKind.String ? value.GetString()
        : throw Refuse(name, "type string");

    /// <summary>A list of texts, null when absent.</summary>
    public IReadOnlyList<string>? Texts(string name)
    {
        if (Find(name) is not { } value)
        {
            return null;
        }

        if (value.ValueKind != JsonValueKind.Array)
        {
            throw Refuse(name, "type array");
        }

        var texts = new List<string>(value.GetArrayLength());
        foreach (var item in value.EnumerateArray())
        {
            texts.Add(item.ValueKind == JsonValueKind.String
                ? item.GetString()!
                : throw Refuse(name, "an array of strings"));
        }

        return texts;
    }

    /// <summary>A value of any type, null when absent.</summary>
    public JsonElement? Any(string name) => Find(name);

    /// <summary>Names in the strongest set that nobody asked for.</summary>
    public IEnumerable<string> UnknownNames() => sets[0].Keys.Where(name => !_known.Contains(name));

    /// <summary>The refusal of a value of another type.</summary>
    public ModelException Refuse(string name, string type) =>
        new(ModelErrorCode.OptionInvalid, model, $"option \"{name}\" must be of {type}");

    private JsonElement? Find(string name)
    {
        _known.Add(name);
        foreach (var set in sets)
        {
            if (set.TryGetValue(name, out var value)
                && value.ValueKind is not (JsonValueKind.Null or JsonValueKind.Undefined))
            {
                return value;
            }
        }

        return null;
    }

    private static int Saturate(double value) =>
        double.IsNaN(value) ? 0 : (int)Math.Clamp(Math.Truncate(value), int.MinValue, int.MaxValue);
}
