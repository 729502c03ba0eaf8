using System.Text.Json;
using Ollama.Platform.Api.GoJson;
using Ollama.Platform.Contracts.Models;

namespace Ollama.Platform.Api.Responses.Requests;

/// <summary>Reads <c>text</c>: the form that the answer must have.</summary>
internal static class TextFormatReader
{
    /// <summary>Null leaves the answer free.</summary>
    /// <exception cref="Contracts.Errors.ModelException">There is no such form, or the schema is none.</exception>
    public static OutputFormat? Read(GoField field)
    {
        var (type, schema) = ("text", default(JsonElement));
        foreach (var part in GoObject.Nested(field, field.Value, "ResponsesText").Fields)
        {
            if (part.Name != "format")
            {
                continue;
            }

            foreach (var inner in GoObject.Nested(part, part.Value, "ResponsesTextFormat").Fields)
            {
                type = inner.Name == "type" ? inner.AsString() ?? type : type;
                schema = inner.Name == "schema" ? inner.Value : schema;
            }
        }

        return type switch
        {
            "text" or "" => null,
            "json_object" => new OutputFormat(OutputFormatKind.Json, null),
            "json_schema" when schema.ValueKind == JsonValueKind.Object =>
                new OutputFormat(OutputFormatKind.JsonSchema, schema),
            "json_schema" => throw GoJsonErrors.Refuse(
                "invalid text.format: json_schema needs a schema that is a JSON Schema object"),
            _ => throw GoJsonErrors.Refuse(
                $"invalid text.format.type: {GoText.Quote(type)} "
                + "(must be \"text\", \"json_object\", or \"json_schema\")"),
        };
    }
}
