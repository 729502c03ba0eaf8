using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ollama.Platform.Contracts.Cluster;

/// <summary>Names one replica of a loaded model; as text <c>key#n</c>.</summary>
/// <param name="Load">What it has loaded.</param>
/// <param name="Number">Which of the replicas, from 0.</param>
[JsonConverter(typeof(ReplicaKeyJsonConverter))]
public readonly record struct ReplicaKey(LoadKey Load, int Number)
{
    /// <summary>Reads <c>key#n</c>.</summary>
    public static bool TryParse(string? text, out ReplicaKey key)
    {
        key = default;
        var mark = text?.IndexOf('#') ?? -1;
        if (mark < 0 || !LoadKey.TryParse(text.AsSpan(0, mark), out var load)
            || !int.TryParse(text.AsSpan(mark + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return false;
        }

        key = new ReplicaKey(load, number);
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Load.Hex}#{Number}");
}

/// <summary>Writes a replica key as its text.</summary>
public sealed class ReplicaKeyJsonConverter : JsonConverter<ReplicaKey>
{
    /// <inheritdoc/>
    public override ReplicaKey Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        ReplicaKey.TryParse(reader.GetString(), out var key) ? key : throw new JsonException("invalid replica key");

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, ReplicaKey value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToString());
}
