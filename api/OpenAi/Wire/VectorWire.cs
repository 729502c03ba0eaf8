using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Ollama.Platform.Api.GoJson;
using Ollama.Platform.Api.OpenApi;

namespace Ollama.Platform.Api.OpenAi.Wire;

/// <summary>A vector, as numbers or as base64 of its little-endian float32 components.</summary>
/// <param name="Components">The components.</param>
/// <param name="IsBase64">Writes base64.</param>
[JsonConverter(typeof(VectorConverter))]
internal sealed record VectorWire(float[] Components, bool IsBase64);

/// <summary>Writes a <see cref="VectorWire"/>.</summary>
internal sealed class VectorConverter : JsonConverter<VectorWire>, IDescribedConverter
{
    /// <inheritdoc/>
    public JsonObject Describe() => new()
    {
        ["anyOf"] = new JsonArray(
            new JsonObject { ["type"] = "array", ["items"] = new JsonObject { ["type"] = "number" } },
            new JsonObject { ["type"] = "string", ["contentEncoding"] = "base64" }),
    };

    /// <inheritdoc/>
    public override VectorWire Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        throw new NotSupportedException("Wire records are only written.");

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, VectorWire value, JsonSerializerOptions options)
    {
        if (value.IsBase64)
        {
            // Every platform that this program runs on is little-endian.
            writer.WriteBase64StringValue(MemoryMarshal.AsBytes(value.Components.AsSpan()));
            return;
        }

        writer.WriteStartArray();
        foreach (var component in value.Components)
        {
            GoNumber.Write(writer, component);
        }

        writer.WriteEndArray();
    }
}
