using System.Runtime.InteropServices;
using System.Text.Json;

namespace Ollama.Platform.Prompting.Jinja.Values;

/// <summary>
/// A value of a template, with the meaning that Python gives it. Lists and dictionaries are shared by reference: a
/// template that appends to a list changes the list it was handed, so a caller builds fresh values for each rendering.
/// </summary>
internal readonly struct JinjaValue
{
    private readonly object? _reference;
    private readonly long _bits;

    private JinjaValue(JinjaKind kind, object? reference, long bits) =>
        (Kind, _reference, _bits) = (kind, reference, bits);

    public static JinjaValue None { get; } = new(JinjaKind.None, null, 0);

    public static JinjaValue True { get; } = new(JinjaKind.Boolean, null, 1);

    public static JinjaValue False { get; } = new(JinjaKind.Boolean, null, 0);

    public static JinjaValue EmptyText { get; } = new(JinjaKind.String, string.Empty, 0);

    public JinjaKind Kind { get; }

    public bool IsUndefined => Kind == JinjaKind.Undefined;

    public bool IsString => Kind == JinjaKind.String;

    public bool IsSequence => Kind is JinjaKind.List or JinjaKind.Tuple;

    /// <summary>Python's truth: empty texts, containers, zero, none and undefined are false.</summary>
    public bool IsTrue => Kind switch
    {
        JinjaKind.Undefined or JinjaKind.None => false,
        JinjaKind.Boolean or JinjaKind.Integer => _bits != 0,
        JinjaKind.Float => AsFloat != 0,
        JinjaKind.String => AsString.Length > 0,
        JinjaKind.List => AsList.Count > 0,
        JinjaKind.Tuple => AsTuple.Length > 0,
        JinjaKind.Dict => AsDict.Count > 0,
        _ => true,
    };

    public bool AsBoolean => _bits != 0;

    public long AsInteger => _bits;

    public double AsFloat => BitConverter.Int64BitsToDouble(_bits);

    public string AsString => (string)_reference!;

    public List<JinjaValue> AsList => (List<JinjaValue>)_reference!;

    public JinjaValue[] AsTuple => (JinjaValue[])_reference!;

    public JinjaDict AsDict => (JinjaDict)_reference!;

    public IJinjaObject AsObject => (IJinjaObject)_reference!;

    /// <summary>The items of a list or tuple; valid until the list changes.</summary>
    public ReadOnlySpan<JinjaValue> Items =>
        Kind == JinjaKind.Tuple ? AsTuple : CollectionsMarshal.AsSpan(AsList);

    /// <summary>The name that an undefined value was asked for under; empty when nobody knows.</summary>
    public string MissingName => _reference as string ?? string.Empty;

    /// <summary>What Python calls the type, for error messages.</summary>
    public string TypeName => Kind switch
    {
        JinjaKind.Undefined => "Undefined",
        JinjaKind.None => "NoneType",
        JinjaKind.Boolean => "bool",
        JinjaKind.Integer => "int",
        JinjaKind.Float => "float",
        JinjaKind.String => "str",
        JinjaKind.List => "list",
        JinjaKind.Tuple => "tuple",
        JinjaKind.Dict => "dict",
        _ => AsObject.TypeName,
    };

    public static JinjaValue Undefined(string name) => new(JinjaKind.Undefined, name, 0);

    public static JinjaValue From(bool value) => value ? True : False;

    public static JinjaValue From(long value) => new(JinjaKind.Integer, null, value);

    public static JinjaValue From(double value) =>
        new(JinjaKind.Float, null, BitConverter.DoubleToInt64Bits(value));

    public static JinjaValue From(string value) => new(JinjaKind.String, value, 0);

    public static JinjaValue From(List<JinjaValue> items) => new(JinjaKind.List, items, 0);

    public static JinjaValue From(JinjaDict entries) => new(JinjaKind.Dict, entries, 0);

    public static JinjaValue FromObject(IJinjaObject value) => new(JinjaKind.Object, value, 0);

    public static JinjaValue TupleOf(params JinjaValue[] items) => new(JinjaKind.Tuple, items, 0);

    public static JinjaValue ListOf(params IEnumerable<string> texts) => From(texts.Select(From).ToList());

    /// <summary>
    /// Copies a JSON value, keys in their order. Integers beyond 64 bits become floats; of duplicate keys the last
    /// value counts, at the place of the first.
    /// </summary>
    public static JinjaValue FromJson(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.String:
                return From(element.GetString()!);
            case JsonValueKind.Number:
                return element.TryGetInt64(out var integer) ? From(integer) : From(element.GetDouble());
            case JsonValueKind.True or JsonValueKind.False:
                return From(element.ValueKind == JsonValueKind.True);
            case JsonValueKind.Array:
                var items = new List<JinjaValue>(element.GetArrayLength());
                foreach (var item in element.EnumerateArray())
                {
                    items.Add(FromJson(item));
                }

                return From(items);
            case JsonValueKind.Object:
                var entries = new JinjaDict();
                foreach (var property in element.EnumerateObject())
                {
                    entries.Set(property.Name, FromJson(property.Value));
                }

                return From(entries);
            default:
                return None;
        }
    }

    /// <summary>Whether the value counts as a whole number, as booleans do in Python.</summary>
    public bool TryGetInteger(out long value)
    {
        value = _bits;
        return Kind is JinjaKind.Integer or JinjaKind.Boolean;
    }

    /// <summary>Whether the value is a number of any kind.</summary>
    public bool TryGetNumber(out double value)
    {
        value = Kind == JinjaKind.Float ? AsFloat : _bits;
        return Kind is JinjaKind.Integer or JinjaKind.Boolean or JinjaKind.Float;
    }

    /// <summary>Whether both are the same object, or the same scalar of the same kind.</summary>
    public bool IsSameAs(JinjaValue other) =>
        Kind == other.Kind
        && (IsString
            ? AsString == other.AsString
            : _bits == other._bits && ReferenceEquals(_reference, other._reference));
}
