using System.Text;
using Ollama.Platform.Prompting.Go.Runtime;
using Ollama.Platform.Prompting.Go.Values;

namespace Ollama.Platform.Prompting.Go.Library;

/// <summary>Prints values in Go's notation into one text.</summary>
internal sealed class GoPrinter(GoRenderState state)
{
    private readonly StringBuilder _text = new();

    /// <summary>One value as it prints by itself.</summary>
    public static string Print(GoRenderState state, GoValue value)
    {
        var printer = new GoPrinter(state);
        printer.Print(value, GoVerb.Default);
        return printer.Take();
    }

    /// <summary>Values in a row, with a space between two that are no texts.</summary>
    public static string PrintAll(GoRenderState state, GoValue[] values)
    {
        var printer = new GoPrinter(state);
        for (var i = 0; i < values.Length; i++)
        {
            printer.Append(i > 0 && values[i] is not GoString && values[i - 1] is not GoString ? " " : "");
            printer.Print(values[i], GoVerb.Default);
        }

        return printer.Take();
    }

    /// <summary>Values in a row with spaces between them, and a line feed.</summary>
    public static string PrintLine(GoRenderState state, GoValue[] values)
    {
        var printer = new GoPrinter(state);
        for (var i = 0; i < values.Length; i++)
        {
            printer.Append(i > 0 ? " " : "");
            printer.Print(values[i], GoVerb.Default);
        }

        printer.Append("\n");
        return printer.Take();
    }

    public void Append(string text)
    {
        state.ChargeText(text.Length);
        _text.Append(text);
    }

    /// <summary>What was printed.</summary>
    public string Take() => _text.ToString();

    public void Print(GoValue value, GoVerb verb)
    {
        state.Step();
        if (verb.Letter == 'T')
        {
            Pad(value.TypeName, verb);
        }
        else if (value is GoNil)
        {
            Pad(verb.Letter == 'v' ? "<nil>" : $"%!{verb.Letter}(<nil>)", verb with { Zero = false });
        }
        else if (PrintsAsJson(value) && verb is { Letter: 'v' or 's' or 'q' or 'x' or 'X', Sharp: false })
        {
            Print(new GoString(GoJson.Write(state, value)), verb);
        }
        else if (value is GoList { Notation: GoNotation.Single, Items: [] or [_] } single)
        {
            Print(single.Items is [var only] ? only : GoString.Empty, verb);
        }
        else if (value is GoList or GoMap or GoRecord or GoBytes)
        {
            PrintCollection(value, verb);
        }
        else if (ScalarText.Of(value, verb) is { } text)
        {
            state.ChargeText(text.Length);
            Pad(text, verb with { Zero = verb.Zero && value is GoInteger or GoFloat });
        }
        else
        {
            Append($"%!{verb.Letter}({value.TypeName}=");
            Print(value, GoVerb.Default);
            Append(")");
        }
    }

    private static bool PrintsAsJson(GoValue value) => value
        is GoList { Notation: GoNotation.Json } or GoMap { Notation: GoNotation.Json }
        or GoRecord { Type.Notation: GoNotation.Json };

    private void PrintCollection(GoValue value, GoVerb verb)
    {
        state.EnsureStack();
        var isSource = verb is { Letter: 'v', Sharp: true };
        switch (value)
        {
            case GoBytes bytes:
                PrintAll(Enumerable.Range(0, bytes.Value.Length)
                    .Select(index => ("", (GoValue)new GoInteger(bytes.Value.Span[index]))));
                break;
            case GoList list:
                PrintAll(list.Items.Select(item => ("", item)));
                break;
            case GoMap map:
                PrintAll(map.Entries.Select(entry =>
                    ((isSource ? Modelfiles.GoText.Quote(entry.Key) : entry.Key) + ":", entry.Value)));
                break;
            case GoRecord record:
                var names = isSource || verb.Plus;
                PrintAll(record.Type.Fields.Zip(record.Values)
                    .Select(field => (names ? field.First.Name + ":" : "", field.Second)));
                break;
        }

        void PrintAll(IEnumerable<(string Label, GoValue Value)> items)
        {
            var braces = isSource || value is GoRecord;
            Append((isSource ? value.TypeName : value is GoMap ? "map" : "") + (braces ? "{" : "["));
            var isFirst = true;
            foreach (var (label, item) in items)
            {
                Append(isFirst ? label : (isSource ? ", " : " ") + label);
                Print(item, verb);
                isFirst = false;
            }

            Append(braces ? "}" : "]");
        }
    }

    private void Pad(string text, GoVerb verb)
    {
        // Characters count, not UTF-16 units.
        var missing = verb.Width is { } width ? width - text.EnumerateRunes().Count() : 0;
        if (missing <= 0)
        {
            Append(text);
            return;
        }

        state.ChargeText(missing);
        if (verb.Minus)
        {
            Append(text);
            _text.Append(' ', missing);
        }
        else if (verb.Zero)
        {
            var sign = text.Length > 0 && text[0] is '+' or '-' ? 1 : 0;
            Append(text[..sign]);
            _text.Append('0', missing);
            Append(text[sign..]);
        }
        else
        {
            _text.Append(' ', missing);
            Append(text);
        }
    }
}
