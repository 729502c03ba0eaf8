using System.Text.Json;

namespace Ollama.Platform.BlobStore.Conversion;

/// <summary>Reads JSON that others wrote: what has another kind than expected is as good as absent.</summary>
internal static class JsonFields
{
    /// <summary>The field of an object; null when it is absent, null or the element is no object.</summary>
    public static JsonElement? Field(this JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var field)
        && field.ValueKind != JsonValueKind.Null
            ? field
            : null;

    /// <summary>The field of an object that may be absent itself.</summary>
    public static JsonElement? Field(this JsonElement? element, string name) => element?.Field(name);

    /// <summary>The elements of an array; none when it is absent or no array.</summary>
    public static IEnumerable<JsonElement> Items(this JsonElement? element) =>
        element is { ValueKind: JsonValueKind.Array } array ? array.EnumerateArray() : [];

    /// <summary>The fields of an object; none when it is absent or no object.</summary>
    public static IEnumerable<JsonProperty> Fields(this JsonElement? element) =>
        element is { ValueKind: JsonValueKind.Object } map ? map.EnumerateObject() : [];

    /// <summary>A text; null for anything else.</summary>
    public static string? AsText(this JsonElement? element) =>
        element is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    /// <summary>A truth; null for anything else.</summary>
    public static bool? AsBool(this JsonElement? element) =>
        element is { ValueKind: JsonValueKind.True or JsonValueKind.False } truth ? truth.GetBoolean() : null;

    /// <summary>A number that counts something or names a token; null for anything else.</summary>
    public static int? AsCount(this JsonElement? element) =>
        element is { ValueKind: JsonValueKind.Number } number && number.TryGetInt32(out var count) && count >= 0
            ? count
            : null;

    /// <summary>A finite number; null for anything else.</summary>
    public static double? AsReal(this JsonElement? element) =>
        element is { ValueKind: JsonValueKind.Number } number && number.TryGetDouble(out var real)
        && double.IsFinite(real)
            ? real
            : null;
}
