using System.Globalization;
using System.Text;
using Ollama.Platform.Prompting.Jinja.Runtime;
using Ollama.Platform.Prompting.Jinja.Values;

namespace Ollama.Platform.Prompting.Jinja.Library;

/// <summary>Values as text, as Python prints them.</summary>
internal static class PythonText
{
    // A list may contain itself.
    private const int DepthMax = 100;

    /// <summary>The value as it appears in the output.</summary>
    public static string Str(RenderState state, JinjaValue value)
    {
        switch (value.Kind)
        {
            case JinjaKind.Undefined:
                return string.Empty;
            case JinjaKind.None:
                return "None";
            case JinjaKind.Boolean:
                return value.AsBoolean ? "True" : "False";
            case JinjaKind.Integer:
                return value.AsInteger.ToString(CultureInfo.InvariantCulture);
            case JinjaKind.Float:
                return NumberText.Of(value.AsFloat);
            case JinjaKind.String:
                return value.AsString;
            default:
                return Repr(state, value);
        }
    }

    /// <summary>The value as Python would write it in source code: strings in quotes.</summary>
    public static string Repr(RenderState state, JinjaValue value)
    {
        var text = new StringBuilder();
        Append(state, text, value, 0);
        return text.ToString();
    }

    /// <summary>The kind of a value for an error message, with its name when it is undefined.</summary>
    public static string TypeOf(JinjaValue value) => value.IsUndefined ? $"undefined ({Name(value)})" : value.TypeName;

    /// <summary>The start of an error message about an undefined value.</summary>
    public static string Missing(JinjaValue value) => $"{Name(value)} is undefined";

    private static string Name(JinjaValue value) =>
        value.MissingName.Length == 0 ? "the value" : $"'{value.MissingName}'";

    private static void Append(RenderState state, StringBuilder text, JinjaValue value, int depth)
    {
        state.Step();
        if (depth > DepthMax)
        {
            throw state.Fail("the value is nested too deeply to print");
        }

        switch (value.Kind)
        {
            case JinjaKind.Undefined:
                text.Append("Undefined");
                break;
            case JinjaKind.String:
                AppendQuoted(state, text, value.AsString);
                break;
            case JinjaKind.List:
                AppendItems(state, text.Append('['), value, depth);
                text.Append(']');
                break;
            case JinjaKind.Tuple:
                AppendItems(state, text.Append('('), value, depth);
                text.Append(value.AsTuple.Length == 1 ? ",)" : ")");
                break;
            case JinjaKind.Dict:
                AppendEntries(state, text, value.AsDict, depth);
                break;
            case JinjaKind.Object:
                text.Append(value.AsObject.Display);
                break;
            default:
                text.Append(Str(state, value));
                break;
        }
    }

    private static void AppendItems(RenderState state, StringBuilder text, JinjaValue value, int depth)
    {
        var separator = string.Empty;
        foreach (var item in value.Items)
        {
            Append(state, text.Append(separator), item, depth + 1);
            separator = ", ";
        }
    }

    private static void AppendEntries(RenderState state, StringBuilder text, JinjaDict dict, int depth)
    {
        var separator = "{";
        foreach (var (key, value) in dict.Entries)
        {
            Append(state, text.Append(separator), key, depth + 1);
            Append(state, text.Append(": "), value, depth + 1);
            separator = ", ";
        }

        text.Append(dict.Count == 0 ? "{}" : "}");
    }

    private static void AppendQuoted(RenderState state, StringBuilder text, string value)
    {
        state.ChargeText(value.Length);
        var quote = value.Contains('\'') && !value.Contains('"') ? '"' : '\'';
        text.Append(quote);
        for (var i = 0; i < value.Length; i++)
        {
            var pair = i + 1 < value.Length && char.IsSurrogatePair(value[i], value[i + 1]);
            if (pair)
            {
                text.Append(value[i++]).Append(value[i]);
            }
            else
            {
                AppendEscaped(text, value[i], quote);
            }
        }

        text.Append(quote);
    }

    private static void AppendEscaped(StringBuilder text, char character, char quote)
    {
        switch (character)
        {
            case '\\':
                text.Append("\\\\");
                break;
            case '\n':
                text.Append("\\n");
                break;
            case '\r':
                text.Append("\\r");
                break;
            case '\t':
                text.Append("\\t");
                break;
            case var _ when character == quote:
                text.Append('\\').Append(quote);
                break;
            case ' ' or >= '!' and <= '~':
                text.Append(character);
                break;
            default:
                text.Append(IsPrintable(character) ? character
                    : character < '\x100' ? $"\\x{(int)character:x2}" : $"\\u{(int)character:x4}");
                break;
        }
    }

    private static bool IsPrintable(char character) => char.GetUnicodeCategory(character) is not (
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse
        or UnicodeCategory.OtherNotAssigned or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
        or UnicodeCategory.SpaceSeparator);
}
