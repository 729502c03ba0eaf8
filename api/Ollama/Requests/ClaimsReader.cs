using System.Text.Json;
using Ollama.Platform.Contracts.Errors;
using Ollama.Platform.Contracts.Library;

namespace Ollama.Platform.Api.Ollama.Requests;

/// <summary>Reads <c>info</c>, what a client says of the model that it creates.</summary>
internal static class ClaimsReader
{
    /// <summary>The claims; keys that are not known are ignored.</summary>
    /// <exception cref="ModelException">A value has the wrong type.</exception>
    public static ModelClaims Read(IReadOnlyDictionary<string, JsonElement> info) => new()
    {
        Capabilities = Texts(info, "capabilities"),
        Family = Text(info, "model_family"),
        ParentModel = Text(info, "base_name"),
        QuantizationLevel = Text(info, "quantization_level"),
        ParameterSize = Text(info, "parameter_size"),
        ContextTokens = Count(info, "context_length"),
        EmbeddingLength = Count(info, "embedding_length"),
    };

    private static string? Text(IReadOnlyDictionary<string, JsonElement> info, string field)
    {
        if (!info.TryGetValue(field, out var value))
        {
            return null;
        }

        return value.ValueKind == JsonValueKind.String ? value.GetString() : throw Invalid(field, "a string");
    }

    private static string[]? Texts(IReadOnlyDictionary<string, JsonElement> info, string field)
    {
        if (!info.TryGetValue(field, out var value))
        {
            return null;
        }

        return value.ValueKind == JsonValueKind.Array
            && value.EnumerateArray().All(element => element.ValueKind == JsonValueKind.String)
            ? [.. value.EnumerateArray().Select(element => element.GetString()!)]
            : throw Invalid(field, "a list of strings");
    }

    private static long? Count(IReadOnlyDictionary<string, JsonElement> info, string field)
    {
        if (!info.TryGetValue(field, out var value))
        {
            return null;
        }

        if (value.ValueKind != JsonValueKind.Number)
        {
            throw Invalid(field, "a number");
        }

        return value.TryGetInt64(out var count) && count >= 0 ? count : throw Invalid(field, "a non-negative integer");
    }

    private static ModelException Invalid(string field, string type) =>
        new(ModelErrorCode.RequestInvalid, detail: $"info field \"{field}\" must be {type}");
}
