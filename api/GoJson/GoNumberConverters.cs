using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ollama.Platform.Api.GoJson;

/// <summary>Writes float32 values through <see cref="GoNumber"/>.</summary>
internal sealed class GoSingleConverter : JsonConverter<float>
{
    /// <inheritdoc/>
    public override float Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        throw new NotSupportedException("Wire records are only written.");

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, float value, JsonSerializerOptions options) =>
        GoNumber.Write(writer, value);
}

/// <summary>Writes float64 values through <see cref="GoNumber"/>.</summary>
internal sealed class GoDoubleConverter : JsonConverter<double>
{
    /// <inheritdoc/>
    public override double Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        throw new NotSupportedException("Wire records are only written.");

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, double value, JsonSerializerOptions options) =>
        GoNumber.Write(writer, value);
}
