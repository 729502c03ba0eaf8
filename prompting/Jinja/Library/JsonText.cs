using System.Globalization;
using System.Text;
using Ollama.Platform.Prompting.Jinja.Runtime;
using Ollama.Platform.Prompting.Jinja.Values;

namespace Ollama.Platform.Prompting.Jinja.Library;

/// <summary>
/// Writes JSON as Python's <c>json.dumps</c> does: a space after separators, nothing escaped for HTML. Undefined is
/// null, so that an absent optional field does not fail the prompt.
/// </summary>
internal sealed class JsonText(RenderState state)
{
    private const int DepthMax = 100;

    private readonly StringBuilder _text = new();

    /// <summary>Whether characters beyond ASCII are escaped.</summary>
    public bool AsciiOnly { get; init; }

    /// <summary>What each level is indented by; null for everything on one line.</summary>
    public string? Indent { get; init; }

    public bool SortKeys { get; init; }

    public string ItemSeparator { get; init; } = ", ";

    public string KeySeparator { get; init; } = ": ";

    public string Write(JinjaValue value)
    {
        Append(value, 0);
        return _text.ToString();
    }

    private void Append(JinjaValue value, int depth)
    {
        state.Step();
        if (depth > DepthMax)
        {
            throw state.Fail("the value is nested too deeply for JSON");
        }

        switch (value.Kind)
        {
            case JinjaKind.Undefined or JinjaKind.None:
                Add("null");
                break;
            case JinjaKind.Boolean:
                Add(value.AsBoolean ? "true" : "false");
                break;
            case JinjaKind.Integer or JinjaKind.Float:
                Add(NumberOf(value));
                break;
            case JinjaKind.String:
                AppendString(value.AsString);
                break;
            case JinjaKind.List or JinjaKind.Tuple:
                AppendItems(value, depth);
                break;
            case JinjaKind.Dict:
                AppendEntries(value.AsDict, depth);
                break;
            default:
                throw state.Fail($"a {value.TypeName} cannot be written as JSON");
        }
    }

    private void Add(string text)
    {
        state.ChargeText(text.Length);
        _text.Append(text);
    }

    private string NumberOf(JinjaValue value)
    {
        if (value.Kind == JinjaKind.Integer || double.IsFinite(value.AsFloat))
        {
            return PythonText.Str(state, value);
        }

        return double.IsNaN(value.AsFloat) ? "NaN" : value.AsFloat > 0 ? "Infinity" : "-Infinity";
    }

    private void AppendItems(JinjaValue value, int depth)
    {
        if (value.Items.IsEmpty)
        {
            Add("[]");
            return;
        }

        var separator = "[";
        foreach (var item in value.Items)
        {
            Add(separator);
            BreakLine(depth + 1);
            Append(item, depth + 1);
            separator = ItemSeparator;
        }

        BreakLine(depth);
        Add("]");
    }

    private void AppendEntries(JinjaDict dict, int depth)
    {
        if (dict.Count == 0)
        {
            Add("{}");
            return;
        }

        var entries = dict.Entries;
        if (SortKeys)
        {
            entries = StableSort.Sort([.. entries], (x, y) => Comparison.Compare(state, x.Key, y.Key));
        }

        var separator = "{";
        foreach (var (key, value) in entries)
        {
            Add(separator);
            BreakLine(depth + 1);
            AppendString(KeyText(key));
            Add(KeySeparator);
            Append(value, depth + 1);
            separator = ItemSeparator;
        }

        BreakLine(depth);
        Add("}");
    }

    private string KeyText(JinjaValue key) => key.Kind switch
    {
        JinjaKind.String => key.AsString,
        JinjaKind.Integer or JinjaKind.Float => NumberOf(key),
        JinjaKind.Boolean => key.AsBoolean ? "true" : "false",
        JinjaKind.None => "null",
        _ => throw state.Fail($"a {key.TypeName} cannot be a key in JSON"),
    };

    private void BreakLine(int depth)
    {
        if (Indent is not null)
        {
            state.ChargeText(1 + ((long)Indent.Length * depth));
            _text.Append('\n').Insert(_text.Length, Indent, depth);
        }
    }

    private void AppendString(string value)
    {
        state.ChargeText(value.Length + 2L);
        _text.Append('"');
        var plain = 0;
        for (var i = 0; i < value.Length; i++)
        {
            if (Escape(value[i]) is { } escape)
            {
                _text.Append(value, plain, i - plain).Append(escape);
                plain = i + 1;
            }
        }

        _text.Append(value, plain, value.Length - plain).Append('"');
    }

    private string? Escape(char character) => character switch
    {
        '"' => "\\\"",
        '\\' => "\\\\",
        '\n' => "\\n",
        '\r' => "\\r",
        '\t' => "\\t",
        '\b' => "\\b",
        '\f' => "\\f",
        < ' ' => Unicode(character),
        > '~' when AsciiOnly && character != '\x7f' => Unicode(character),
        _ => null,
    };

    private static string Unicode(char character) =>
        "\\u" + ((int)character).ToString("x4", CultureInfo.InvariantCulture);
}
