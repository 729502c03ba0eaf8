using System.Text.Json;
using Ollama.Platform.Api.GoJson;

namespace Ollama.Platform.Api.OpenAi.Requests;

/// <summary>Reads <c>stop</c>: a string or an array of strings.</summary>
internal static class StopReader
{
    /// <summary>What is no string is dropped, as the chat route does; null sets none.</summary>
    public static IReadOnlyList<string>? ReadLenient(GoField field) => field.Value.ValueKind switch
    {
        JsonValueKind.String => [field.Value.GetString()!],
        JsonValueKind.Array =>
        [
            .. field.Value.EnumerateArray().Where(stop => stop.ValueKind == JsonValueKind.String)
                .Select(stop => stop.GetString()!),
        ],
        _ => null,
    };

    /// <summary>What is no string is refused; null sets none.</summary>
    /// <exception cref="Contracts.Errors.ModelException">The field holds something else.</exception>
    public static IReadOnlyList<string>? ReadStrict(GoField field)
    {
        var wrong = field.Value.ValueKind switch
        {
            JsonValueKind.Null or JsonValueKind.String => default,
            JsonValueKind.Array =>
                field.Value.EnumerateArray().FirstOrDefault(stop => stop.ValueKind != JsonValueKind.String),
            _ => field.Value,
        };
        return wrong.ValueKind == JsonValueKind.Undefined
            ? ReadLenient(field)
            : throw GoJsonErrors.Refuse($"invalid type for 'stop' field: {GoText.TypeOf(wrong)}");
    }
}
