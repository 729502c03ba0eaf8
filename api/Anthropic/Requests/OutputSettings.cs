using System.Text.Json;
using Ollama.Platform.Api.GoJson;
using Ollama.Platform.Contracts.Models;

namespace Ollama.Platform.Api.Anthropic.Requests;

/// <summary>What <c>output_config</c> asks for.</summary>
/// <param name="Think">How hard to think, where <c>thinking</c> does not say.</param>
/// <param name="Format">Constrains the answer; null leaves it free.</param>
internal sealed record OutputSettings(ThinkSetting? Think, OutputFormat? Format)
{
    /// <summary>Reads the field.</summary>
    /// <exception cref="Contracts.Errors.ModelException">The effort or the format has no meaning.</exception>
    public static OutputSettings Read(GoField field)
    {
        var source = GoObject.Separate(field, field.Value, "OutputConfig");
        var settings = new OutputSettings(null, null);
        foreach (var part in source.Fields)
        {
            settings = part.Name switch
            {
                "effort" => settings with { Think = ReadEffort(part.AsString()) },
                "format" when !part.IsNull => settings with { Format = ReadFormat(part) },
                _ => settings,
            };
        }

        source.Errors.ThrowIfAny();
        return settings;
    }

    private static ThinkSetting? ReadEffort(string? effort) => effort switch
    {
        null => null,
        "low" or "medium" or "high" or "max" => new ThinkSetting(true, effort),
        "xhigh" => new ThinkSetting(true, "high"),
        _ => throw GoJsonErrors.Refuse(
            $"output_config.effort: {GoText.Quote(effort)} must be "
            + "\"low\", \"medium\", \"high\", \"xhigh\" or \"max\""),
    };

    private static OutputFormat ReadFormat(GoField field)
    {
        var (type, schema) = ("", default(JsonElement));
        var source = GoObject.Inner(field, field.Value, "OutputFormat");
        foreach (var part in source.Fields)
        {
            switch (part.Name)
            {
                case "type":
                    type = part.AsString() ?? type;
                    break;
                case "schema":
                    schema = part.Value;
                    break;
                default:
                    break;
            }
        }

        return type == "json_schema" && schema.ValueKind == JsonValueKind.Object
            ? new OutputFormat(OutputFormatKind.JsonSchema, schema)
            : throw GoJsonErrors.Refuse("output_config.format: must have type \"json_schema\" and a schema object");
    }
}
