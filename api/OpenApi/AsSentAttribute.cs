using System.Text.Json.Nodes;

namespace Ollama.Platform.Api.OpenApi;

/// <summary>Says of a field that is written as it was sent which schema of a request it has.</summary>
/// <param name="schema">The name of the schema.</param>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class AsSentAttribute(string schema) : Attribute
{
    /// <summary>The name of the schema.</summary>
    public string Schema { get; } = schema;

    /// <summary>The field is a list of such values.</summary>
    public bool IsList { get; init; }

    /// <summary>A new schema of the field.</summary>
    public JsonObject Describe()
    {
        var one = OpenApi.Schema.Reference(Schema);
        return IsList ? new JsonObject { ["type"] = "array", ["items"] = one } : one;
    }
}
