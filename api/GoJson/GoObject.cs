using System.Text.Json;

namespace Ollama.Platform.Api.GoJson;

/// <summary>A JSON object on its way into a Go struct: its fields, and the names that errors give them.</summary>
internal sealed class GoObject
{
    private readonly JsonElement _value;

    private GoObject(JsonElement value, string structName, string path, GoJsonErrors errors) =>
        (_value, StructName, Path, Errors) = (value, structName, path, errors);

    /// <summary>The struct that errors name.</summary>
    public string StructName { get; }

    /// <summary>Field names from the root to this object, each with a dot behind it.</summary>
    public string Path { get; }

    /// <summary>Where fields of the wrong type are noted.</summary>
    public GoJsonErrors Errors { get; }

    /// <summary>
    /// The fields in the client's order. Names are lower-cased: Go matches them without regard to case, and of two
    /// fields with one name the later wins.
    /// </summary>
    public IEnumerable<GoField> Fields =>
        _value.ValueKind != JsonValueKind.Object
            ? []
            : _value.EnumerateObject().Select(
                property => new GoField(this, property.Name.ToLowerInvariant(), property.Value));

    /// <summary>The whole body. Null is an object without fields; anything else that is no object is noted.</summary>
    public static GoObject Root(JsonElement value, string structName)
    {
        var root = new GoObject(value, structName, "", new GoJsonErrors());
        if (value.ValueKind is not (JsonValueKind.Object or JsonValueKind.Null))
        {
            root.Errors.Add($"json: cannot unmarshal {GoField.Describe(value)} into Go value of type api.{structName}");
        }

        return root;
    }

    /// <summary>The value of a field as a struct of its own, which errors then name.</summary>
    public static GoObject Nested(GoField field, JsonElement value, string typeName) =>
        Of(field, value, typeName, typeName, field.Owner.Errors);

    /// <summary>The value of a field as a struct inside one with a reader of its own: errors keep its name.</summary>
    public static GoObject Inner(GoField field, JsonElement value, string typeName) =>
        Of(field, value, typeName, field.Owner.StructName, field.Owner.Errors);

    /// <summary>
    /// The value of a field whose Go type has a reader of its own: errors go on naming the outer struct, and the
    /// caller ends it with <see cref="GoJsonErrors.ThrowIfAny"/>.
    /// </summary>
    public static GoObject Separate(GoField field, JsonElement value, string typeName) =>
        Of(field, value, typeName, field.Owner.StructName, new GoJsonErrors());

    private static GoObject Of(
        GoField field, JsonElement value, string typeName, string structName, GoJsonErrors errors)
    {
        if (value.ValueKind is not (JsonValueKind.Object or JsonValueKind.Null))
        {
            errors.Add(field.Mismatch(value, "api." + typeName));
        }

        return new GoObject(value, structName, field.Path + ".", errors);
    }
}
