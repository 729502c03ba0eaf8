using System.Text.Json;
using Ollama.Platform.Api.GoJson;

namespace Ollama.Platform.Api.OpenAi.Requests;

/// <summary>
/// Checks <c>metadata</c>: a few short texts that the client hangs on an object, within OpenAI's limits.
/// </summary>
internal static class MetadataReader
{
    private const int PairCountMax = 16;
    private const int KeyLengthMax = 64;
    private const int ValueLengthMax = 512;

    /// <summary>The object as sent; null for null.</summary>
    /// <exception cref="Contracts.Errors.ModelException">It is no object of texts, or beyond a limit.</exception>
    public static JsonElement? Read(GoField field)
    {
        if (field.IsNull)
        {
            return null;
        }

        if (field.Value.ValueKind != JsonValueKind.Object
            || field.Value.EnumerateObject().Any(pair => pair.Value.ValueKind != JsonValueKind.String))
        {
            throw GoJsonErrors.Refuse("metadata must be an object whose values are strings");
        }

        if (field.Value.GetPropertyCount() > PairCountMax
            || field.Value.EnumerateObject().Any(pair =>
                pair.Name.Length > KeyLengthMax || pair.Value.GetString()!.Length > ValueLengthMax))
        {
            throw GoJsonErrors.Refuse(
                $"metadata may have {PairCountMax} keys of {KeyLengthMax} characters with values of {ValueLengthMax}");
        }

        return field.Value.Clone();
    }
}
