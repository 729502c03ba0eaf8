using System.Text.Json;
using Ollama.Platform.Api.GoJson;
using Ollama.Platform.Contracts.Models;

namespace Ollama.Platform.Api.OpenAi.Requests;

/// <summary>Reads <c>response_format</c>.</summary>
internal static class ResponseFormatReader
{
    /// <summary>Null leaves the answer free, as <c>text</c> and unknown types do.</summary>
    /// <exception cref="Contracts.Errors.ModelException">A schema is announced that is none.</exception>
    public static OutputFormat? Read(GoField field)
    {
        var type = "";
        JsonElement? schema = null;
        foreach (var part in GoObject.Nested(field, field.Value, "ResponseFormat").Fields)
        {
            switch (part.Name)
            {
                case "type":
                    type = part.AsString() ?? type;
                    break;
                case "json_schema":
                    schema = GoObject.Nested(part, part.Value, "JsonSchema").Fields
                        .Where(inner => inner.Name == "schema").Select(inner => (JsonElement?)inner.Value)
                        .LastOrDefault();
                    break;
                default:
                    break;
            }
        }

        return type.Trim().ToLowerInvariant() switch
        {
            "json_object" => new OutputFormat(OutputFormatKind.Json, null),
            "json_schema" when schema?.ValueKind == JsonValueKind.Object =>
                new OutputFormat(OutputFormatKind.JsonSchema, schema),
            "json_schema" => throw GoJsonErrors.Refuse(
                "invalid response_format: json_schema.schema must be a JSON Schema object"),
            _ => null,
        };
    }
}
