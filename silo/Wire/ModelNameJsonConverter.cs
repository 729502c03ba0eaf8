using System.Text.Json;
using System.Text.Json.Serialization;
using Ollama.Platform.Contracts.Library;

namespace Ollama.Platform.Silo.Wire;

/// <summary>Writes a model name as its four parts.</summary>
internal sealed class ModelNameJsonConverter : JsonConverter<ModelName>
{
    /// <inheritdoc/>
    public override ModelName Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        ModelName.TryParse(reader.GetString(), out var name) ? name : throw new JsonException("invalid model name");

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, ModelName value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToString());
}
