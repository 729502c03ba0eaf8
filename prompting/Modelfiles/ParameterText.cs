using System.Text.Json;

namespace Ollama.Platform.Prompting.Modelfiles;

/// <summary>The parameters of a model as lines of name and value.</summary>
public static class ParameterText
{
    private const int NameColumns = 30;

    /// <summary>One line a value, the names in alphabetical order; empty when there are no parameters.</summary>
    public static string Write(IReadOnlyDictionary<string, JsonElement> parameters) =>
        string.Join('\n', Values(parameters).Select(parameter => Line(parameter.Name, parameter.Value)));

    /// <summary>The single values, the names in alphabetical order and the values of one name in theirs.</summary>
    internal static IEnumerable<(string Name, JsonElement Value)> Values(
        IReadOnlyDictionary<string, JsonElement> parameters) =>
        from parameter in parameters.OrderBy(parameter => parameter.Key, StringComparer.Ordinal)
        from value in IsListOfScalars(parameter.Value)
            ? parameter.Value.EnumerateArray().AsEnumerable()
            : [parameter.Value]
        where value.ValueKind is not (JsonValueKind.Null or JsonValueKind.Undefined)
        select (parameter.Key, value);

    // Other arrays are one value.
    private static bool IsListOfScalars(JsonElement value) =>
        value.ValueKind == JsonValueKind.Array && value.EnumerateArray().All(
            item => item.ValueKind is not (JsonValueKind.Array or JsonValueKind.Object));

    private static string Line(string name, JsonElement value)
    {
        var text = GoText.Scalar(value);
        return $"{name.PadRight(NameColumns)} {(value.ValueKind == JsonValueKind.String ? GoText.Quote(text) : text)}";
    }
}
