using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Ollama.Platform.Prompting.Rendering.Parts;

/// <summary>Writes JSON into prompts in the style of a family.</summary>
internal sealed class PromptJson
{
    // The routes stop at 64 levels; a prompt that came another way must not exhaust the stack.
    private const int DepthMax = 100;

    private readonly StringBuilder _text = new();
    private readonly JsonStyle _style;

    private PromptJson(JsonStyle style) => _style = style;

    /// <summary>Writes a value, or a part of a tool with its keys in Ollama's order.</summary>
    /// <exception cref="TemplateException">The value cannot be written.</exception>
    public static string Write(JsonElement value, JsonStyle style, ToolPart part = ToolPart.Value)
    {
        var json = new PromptJson(style);
        json.Append(value, part, 0);
        return json._text.ToString();
    }

    /// <summary>Writes a text with its quotes.</summary>
    public static string Write(string value, JsonStyle style)
    {
        var json = new PromptJson(style);
        json.AppendText(value);
        return json._text.ToString();
    }

    /// <summary>Reads a text out of JSON that a client sent.</summary>
    /// <exception cref="TemplateException">It is not valid Unicode: half of an escaped surrogate pair.</exception>
    public static string TextOf(JsonElement value)
    {
        try
        {
            return value.GetString() ?? "";
        }
        catch (InvalidOperationException)
        {
            throw NotUnicode();
        }
    }

    /// <summary>Reads a key of JSON that a client sent.</summary>
    /// <exception cref="TemplateException">It is not valid Unicode: half of an escaped surrogate pair.</exception>
    public static string NameOf(JsonProperty property)
    {
        try
        {
            return property.Name;
        }
        catch (InvalidOperationException)
        {
            throw NotUnicode();
        }
    }

    private static TemplateException NotUnicode() =>
        new("a tool or a call holds a text that is not valid Unicode", 0, 0);

    private void Append(JsonElement value, ToolPart part, int depth)
    {
        if (depth > DepthMax)
        {
            throw new TemplateException("a tool or a call is nested too deeply", 0, 0);
        }

        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                AppendEntries(value, part, depth);
                break;
            case JsonValueKind.Array when part == ToolPart.Types && value.GetArrayLength() == 1:
                Append(value[0], ToolPart.Value, depth);
                break;
            case JsonValueKind.Array:
                AppendItems(value, part == ToolPart.Branches ? ToolPart.Property : ToolPart.Value, depth);
                break;
            case JsonValueKind.String:
                AppendText(TextOf(value));
                break;
            case JsonValueKind.Undefined:
                _text.Append("null");
                break;
            default:
                _text.Append(value.GetRawText());
                break;
        }
    }

    private void AppendEntries(JsonElement value, ToolPart part, int depth)
    {
        _text.Append('{');
        var count = 0;
        foreach (var (key, member, memberPart) in ToolShape.Of(value, part))
        {
            Separate(count++, depth + 1);
            AppendText(key);
            _text.Append(_style.Spaced ? ": " : ":");
            Append(member, memberPart, depth + 1);
        }

        Close('}', count, depth);
    }

    private void AppendItems(JsonElement list, ToolPart itemPart, int depth)
    {
        _text.Append('[');
        var count = 0;
        foreach (var item in list.EnumerateArray())
        {
            Separate(count++, depth + 1);
            Append(item, itemPart, depth + 1);
        }

        Close(']', count, depth);
    }

    private void Separate(int index, int depth)
    {
        var isIndented = _style.IndentWidth > 0;
        _text.Append(index == 0 ? "" : _style.Spaced && !isIndented ? ", " : ",");
        if (isIndented)
        {
            _text.Append('\n').Append(' ', depth * _style.IndentWidth);
        }
    }

    private void Close(char bracket, int count, int depth)
    {
        if (count > 0 && _style.IndentWidth > 0)
        {
            _text.Append('\n').Append(' ', depth * _style.IndentWidth);
        }

        _text.Append(bracket);
    }

    private void AppendText(string value)
    {
        _text.Append('"');
        foreach (var character in value)
        {
            _ = Escape(character) is { } escape ? _text.Append(escape) : _text.Append(character);
        }

        _text.Append('"');
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
        '<' or '>' or '&' or '\u2028' or '\u2029' when _style.HtmlSafe => Unicode(character),
        _ => null,
    };

    private static string Unicode(char character) =>
        "\\u" + ((int)character).ToString("x4", CultureInfo.InvariantCulture);
}
