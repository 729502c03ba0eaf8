using Ollama.Platform.Prompting.Go.Values;

namespace Ollama.Platform.Prompting.Go.Library;

/// <summary>The type of a tool's parameter in the notation of TypeScript.</summary>
internal static class TypeScriptTypes
{
    // A schema that a client nests deeper than this is refused long before.
    private const int DepthMax = 64;

    /// <summary>The type; null for a value that is no parameter.</summary>
    public static string? Find(GoValue value) => Find(value, 0);

    private static string? Find(GoValue value, int depth)
    {
        if (value is not GoRecord record || record.Find("AnyOf") is not GoList alternatives
            || record.Find("Type") is not GoList types || depth > DepthMax)
        {
            return null;
        }

        return alternatives.Items.Count > 0
            ? string.Join(" | ", alternatives.Items.Select(item => Find(item, depth + 1) ?? "any"))
            : types.Items.Count > 0 ? string.Join(" | ", types.Items.Select(type => Name((type as GoString)?.Value)))
            : "any";
    }

    private static string Name(string? type) => type switch
    {
        "string" => "string",
        "number" or "integer" => "number",
        "boolean" => "boolean",
        "array" => "any[]",
        "object" => "Record<string, any>",
        "null" => "null",
        _ => "any",
    };
}
