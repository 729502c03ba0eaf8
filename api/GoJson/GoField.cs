using System.Text.Json;

namespace Ollama.Platform.Api.GoJson;

/// <summary>
/// One field of a <see cref="GoObject"/>. Each reader gives null for JSON null, which leaves a Go field as it was, and
/// for a value of the wrong type, which is noted in Go's words.
/// </summary>
/// <param name="Owner">The object that holds the field.</param>
/// <param name="Name">The name in lower case.</param>
/// <param name="Value">The value as sent.</param>
internal readonly record struct GoField(GoObject Owner, string Name, JsonElement Value)
{
    /// <summary>Names from the root to this field.</summary>
    public string Path => Owner.Path + Name;

    /// <summary>JSON null was sent.</summary>
    public bool IsNull => Value.ValueKind == JsonValueKind.Null;

    /// <summary>Reads a string.</summary>
    public string? AsString() => Text(Value);

    /// <summary>Reads a bool.</summary>
    public bool? AsBool()
    {
        if (Value.ValueKind is JsonValueKind.True or JsonValueKind.False)
        {
            return Value.GetBoolean();
        }

        Note(Value, "bool");
        return null;
    }

    /// <summary>Reads a whole number.</summary>
    public int? AsInt() => Integer(Value);

    /// <summary>Reads a number.</summary>
    public double? AsDouble()
    {
        if (Value.ValueKind != JsonValueKind.Number)
        {
            Note(Value, "float64");
            return null;
        }

        var number = Value.GetDouble();
        if (double.IsFinite(number))
        {
            return number;
        }

        Owner.Errors.Add(Mismatch(Value, "float64", "number " + Value.GetRawText()));
        return null;
    }

    /// <summary>Reads an array of whole numbers.</summary>
    public IReadOnlyList<int>? AsInts()
    {
        var field = this;
        return Elements("[]int")?.Select(element => field.Integer(element) ?? 0).ToArray();
    }

    /// <summary>Reads an array of strings.</summary>
    public IReadOnlyList<string>? AsStrings()
    {
        var field = this;
        return Elements("[]string")?.Select(element => field.Text(element) ?? "").ToArray();
    }

    /// <summary>Reads an array of base64 strings.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>>? AsImages()
    {
        if (Elements("[]api.ImageData") is not { } elements)
        {
            return null;
        }

        var images = new List<ReadOnlyMemory<byte>>();
        foreach (var element in elements)
        {
            byte[] image = [];
            if (element.ValueKind != JsonValueKind.String)
            {
                Note(element, "api.ImageData");
            }
            else if (GoBase64.Decode(element, out image) is { } error)
            {
                Owner.Errors.Add(error);
            }

            images.Add(image);
        }

        return images;
    }

    /// <summary>Reads an object of which every value is kept as it is.</summary>
    public IReadOnlyDictionary<string, JsonElement>? AsMap()
    {
        if (Value.ValueKind != JsonValueKind.Object)
        {
            Note(Value, "map[string]interface {}");
            return null;
        }

        var map = new Dictionary<string, JsonElement>();
        foreach (var property in Value.EnumerateObject())
        {
            map[property.Name] = property.Value;
            CheckNumbers(property.Value);
        }

        return map;
    }

    /// <summary>Reads an array; null for JSON null and for what is none, which is noted under this type.</summary>
    public IReadOnlyList<JsonElement>? Elements(string typeName)
    {
        if (Value.ValueKind == JsonValueKind.Array)
        {
            return [.. Value.EnumerateArray()];
        }

        Note(Value, typeName);
        return null;
    }

    /// <summary>Go's sentence about a value that does not fit this field.</summary>
    public string Mismatch(JsonElement value, string typeName, string? description = null) =>
        $"json: cannot unmarshal {description ?? Describe(value)} into Go struct field "
        + $"{Owner.StructName}.{Path} of type {typeName}";

    /// <summary>What Go calls a value's kind.</summary>
    public static string Describe(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "object",
        JsonValueKind.Array => "array",
        JsonValueKind.String => "string",
        JsonValueKind.Number => "number",
        _ => "bool",
    };

    // A number that no float64 holds is refused even where any value is welcome.
    private void CheckNumbers(JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Number && !double.IsFinite(value.GetDouble()))
        {
            Owner.Errors.Add(Mismatch(value, "float64", "number " + value.GetRawText()));
        }

        if (value.ValueKind == JsonValueKind.Array)
        {
            foreach (var element in value.EnumerateArray())
            {
                CheckNumbers(element);
            }
        }
    }

    private string? Text(JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.String)
        {
            return value.GetString();
        }

        Note(value, "string");
        return null;
    }

    private int? Integer(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Number)
        {
            Note(value, "int");
            return null;
        }

        // Go's int has 64 bits; what exceeds 32 is beyond every range that these fields have, and saturates.
        if (value.TryGetInt64(out var number) && value.GetRawText().AsSpan().IndexOfAny('.', 'e', 'E') < 0)
        {
            return (int)Math.Clamp(number, int.MinValue, int.MaxValue);
        }

        Owner.Errors.Add(Mismatch(value, "int", "number " + value.GetRawText()));
        return null;
    }

    private void Note(JsonElement value, string typeName)
    {
        if (value.ValueKind != JsonValueKind.Null)
        {
            Owner.Errors.Add(Mismatch(value, typeName));
        }
    }
}
