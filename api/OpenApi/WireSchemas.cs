using System.ComponentModel.DataAnnotations;
using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Ollama.Platform.Api.OpenApi;

/// <summary>
/// Schemas of what is written, from the metadata by which it is written: names, types, what is always there and what is
/// written as null.
/// </summary>
internal sealed class WireSchemas(DocumentationComments comments)
{
    private const string Suffix = "Wire";

    private readonly SortedDictionary<string, JsonObject> _named = new(StringComparer.Ordinal);

    /// <summary>Schemas of the records met so far, by name.</summary>
    public IReadOnlyDictionary<string, JsonObject> Named => _named;

    /// <summary>The schema of a type; records are referred to by name.</summary>
    public JsonObject Of(JsonTypeInfo info)
    {
        if (info.Converter is IDescribedConverter described)
        {
            return described.Describe();
        }

        return info.Kind switch
        {
            JsonTypeInfoKind.Object => Name(info),
            JsonTypeInfoKind.Enumerable => new JsonObject
            {
                ["type"] = "array",
                ["items"] = Of(info.Options.GetTypeInfo(info.ElementType!)),
            },
            JsonTypeInfoKind.Dictionary => new JsonObject
            {
                ["type"] = "object",
                ["additionalProperties"] = Of(info.Options.GetTypeInfo(info.ElementType!)),
            },
            _ => OfSimple(Nullable.GetUnderlyingType(info.Type) ?? info.Type),
        };
    }

    /// <summary>The schema of one of several types.</summary>
    public JsonObject OfAny(IReadOnlyList<JsonTypeInfo> infos) => infos.Count == 1
        ? Of(infos[0])
        : new JsonObject { ["anyOf"] = new JsonArray([.. infos.Select(Of)]) };

    // A folder is a dialect: Ollama.Platform.Api.OpenAi.Wire.UsageWire is OpenAiUsage.
    private static string NameOf(Type type)
    {
        var folders = type.Namespace!.Split('.');
        var dialect = folders[^1] == Suffix ? folders[^2] : folders[^1];
        var name = string.Concat(type.GenericTypeArguments.Prepend(type).Select(BareName));
        return name.StartsWith(dialect, StringComparison.Ordinal) ? name : dialect + name;
    }

    private static string BareName(Type type)
    {
        var name = type.Name.Split('`')[0];
        return name.EndsWith(Suffix, StringComparison.Ordinal) ? name[..^Suffix.Length] : name;
    }

    private static JsonObject OfSimple(Type type) =>
        type == typeof(string) ? new() { ["type"] = "string" }
        : type == typeof(bool) ? new() { ["type"] = "boolean" }
        : type == typeof(int) || type == typeof(long) ? new() { ["type"] = "integer" }
        : type == typeof(float) || type == typeof(double) ? new() { ["type"] = "number" }
        : type == typeof(JsonElement) || type == typeof(object) ? new()
        : throw new UnreachableException($"No schema is known for {type}.");

    private JsonObject Name(JsonTypeInfo info)
    {
        var name = NameOf(info.Type);
        if (!_named.ContainsKey(name))
        {
            // It is there before it is complete: records may hold themselves.
            var schema = _named[name] = new JsonObject { ["type"] = "object" };
            Fill(schema, info);
        }

        return Schema.Reference(name);
    }

    private void Fill(JsonObject schema, JsonTypeInfo info)
    {
        if (comments.OfType(info.Type) is { } about)
        {
            schema["description"] = about;
        }

        var properties = new JsonObject();
        var required = new JsonArray();
        foreach (var property in info.Properties)
        {
            var condition = ConditionOf(property);
            if (condition == JsonIgnoreCondition.Always)
            {
                continue;
            }

            properties[property.Name] = OfProperty(property, condition);
            if (IsAlwaysWritten(property, condition))
            {
                required.Add(property.Name);
            }
        }

        schema["properties"] = properties;
        if (required.Count > 0)
        {
            schema["required"] = required;
        }
    }

    private JsonObject OfProperty(JsonPropertyInfo property, JsonIgnoreCondition condition)
    {
        var schema = OfValue(property);
        if (Find<AllowedValuesAttribute>(property) is { } allowed)
        {
            schema["enum"] = new JsonArray([.. allowed.Values.Select(value => JsonValue.Create((string)value!))]);
        }

        if (condition == JsonIgnoreCondition.Never && CanBeNull(property))
        {
            schema = OrNull(schema);
        }

        var member = (property.AttributeProvider as System.Reflection.MemberInfo)?.Name;
        if (member is not null && comments.OfProperty(property.DeclaringType, member) is { } about)
        {
            schema["description"] = about;
        }

        return schema;
    }

    private JsonObject OfValue(JsonPropertyInfo property) =>
        Find<AsSentAttribute>(property) is { } sent ? sent.Describe()
        : Find<OneOfAttribute>(property) is { } one ? OfAny([.. one.Types.Select(property.Options.GetTypeInfo)])
        : Of(property.Options.GetTypeInfo(property.PropertyType));

    private static JsonObject OrNull(JsonObject schema)
    {
        if (schema["type"] is not JsonValue type)
        {
            return new JsonObject { ["anyOf"] = new JsonArray(schema, new JsonObject { ["type"] = "null" }) };
        }

        schema["type"] = new JsonArray(type.DeepClone(), "null");
        (schema["enum"] as JsonArray)?.Add((JsonNode?)null);
        return schema;
    }

    private static JsonIgnoreCondition ConditionOf(JsonPropertyInfo property) =>
        Find<JsonIgnoreAttribute>(property)?.Condition ?? property.Options.DefaultIgnoreCondition;

    private static bool IsAlwaysWritten(JsonPropertyInfo property, JsonIgnoreCondition condition) => condition switch
    {
        JsonIgnoreCondition.Never => true,
        JsonIgnoreCondition.WhenWritingDefault => !property.PropertyType.IsValueType && !CanBeNull(property),
        _ => !CanBeNull(property),
    };

    private static bool CanBeNull(JsonPropertyInfo property) => property.PropertyType.IsValueType
        ? Nullable.GetUnderlyingType(property.PropertyType) is not null
        : property.IsGetNullable;

    private static T? Find<T>(JsonPropertyInfo property)
        where T : Attribute =>
        (T?)property.AttributeProvider?.GetCustomAttributes(typeof(T), inherit: true).FirstOrDefault();
}
