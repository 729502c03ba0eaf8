using System.Globalization;
using System.Text;
using Ollama.Platform.Prompting.Go.Runtime;
using Ollama.Platform.Prompting.Go.Values;

namespace Ollama.Platform.Prompting.Go.Library;

/// <summary>Values as compact JSON, with <c>&lt;</c>, <c>&gt;</c> and <c>&amp;</c> escaped, as Go writes it.</summary>
internal sealed class GoJson
{
    private readonly GoRenderState _state;
    private readonly StringBuilder _text = new();

    private GoJson(GoRenderState state) => _state = state;

    public static string Write(GoRenderState state, GoValue value)
    {
        var writer = new GoJson(state);
        writer.Write(value);
        return writer._text.ToString();
    }

    private void Write(GoValue value)
    {
        _state.Step();
        switch (value)
        {
            case GoNil or GoList { IsNil: true }:
                Append("null");
                break;
            case GoBool truth:
                Append(truth.Value ? "true" : "false");
                break;
            case GoInteger number:
                Append(number.Value.ToString(CultureInfo.InvariantCulture));
                break;
            case GoFloat number:
                Append(GoNumberText.Json(number.Value));
                break;
            case GoString text:
                Write(text.Value);
                break;
            case GoBytes bytes:
                _state.ChargeText(bytes.Value.Length * 2L);
                Write(Convert.ToBase64String(bytes.Value.Span));
                break;
            default:
                WriteCollection(value);
                break;
        }
    }

    private void WriteCollection(GoValue value)
    {
        _state.EnsureStack();
        if (value is GoList { Items: [var only], Notation: GoNotation.Single })
        {
            Write(only);
        }
        else if (value is GoList list)
        {
            WriteAll('[', list.Items, Write, ']');
        }
        else if (value is GoMap map)
        {
            WriteAll('{', map.Entries, entry => WriteMember(entry.Key, entry.Value), '}');
        }
        else if (value is GoRecord record)
        {
            var fields = record.Type.Fields.Zip(record.Values)
                .Where(field => !field.First.OmittedWhenEmpty || !IsEmpty(field.Second));
            WriteAll('{', fields, field => WriteMember(field.First.JsonName, field.Second), '}');
        }
    }

    private static bool IsEmpty(GoValue value) => value is not GoRecord && !value.IsTrue;

    private void WriteAll<T>(char open, IEnumerable<T> items, Action<T> write, char close)
    {
        _text.Append(open);
        var isFirst = true;
        foreach (var item in items)
        {
            _text.Append(isFirst ? "" : ",");
            isFirst = false;
            write(item);
        }

        _text.Append(close);
        _state.ChargeText(2);
    }

    private void WriteMember(string name, GoValue value)
    {
        Write(name);
        _text.Append(':');
        Write(value);
    }

    private void Append(string text)
    {
        _state.ChargeText(text.Length);
        _text.Append(text);
    }

    private void Write(string text)
    {
        _state.ChargeText(text.Length + 2L);
        _text.Append('"');
        foreach (var character in text)
        {
            _ = character switch
            {
                '"' => _text.Append("\\\""),
                '\\' => _text.Append("\\\\"),
                '\b' => _text.Append("\\b"),
                '\f' => _text.Append("\\f"),
                '\n' => _text.Append("\\n"),
                '\r' => _text.Append("\\r"),
                '\t' => _text.Append("\\t"),
                < ' ' or '<' or '>' or '&' or '\u2028' or '\u2029' =>
                    _text.Append(CultureInfo.InvariantCulture, $"\\u{(int)character:x4}"),
                _ => _text.Append(character),
            };
        }

        _text.Append('"');
    }
}
