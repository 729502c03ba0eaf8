using Ollama.Platform.Prompting.Jinja.Runtime;
using Ollama.Platform.Prompting.Jinja.Values;

namespace Ollama.Platform.Prompting.Jinja.Library;

/// <summary>Filters on text. Their input is turned into text first, as Jinja does.</summary>
internal static class TextFilters
{
    public static Dictionary<string, Builtin> All { get; } = new(StringComparer.Ordinal)
    {
        ["trim"] = OnText("strip"),
        ["lower"] = OnText("lower"),
        ["upper"] = OnText("upper"),
        ["capitalize"] = OnText("capitalize"),
        ["replace"] = Replace,
        ["title"] = (state, value, _) => state.Text(TextCase.TitleFilter(PythonText.Str(state, value))),
        ["indent"] = Indent,
        ["center"] = Center,
        ["wordcount"] = (state, value, _) =>
            JinjaValue.From((long)TextSplitting.Split(state, PythonText.Str(state, value), null, -1).Count),
        ["format"] = (state, value, arguments) => PercentFormat.Apply(
            state,
            PythonText.Str(state, value),
            arguments.Named.Length > 0 ? Named(arguments) : JinjaValue.TupleOf(arguments.Positional)),
        ["escape"] = Escape,
        ["e"] = Escape,
        ["forceescape"] = Escape,
    };

    private static Builtin OnText(string method)
    {
        _ = Methods.TryFind(JinjaKind.String, method, out var apply);
        return (state, value, arguments) =>
            apply!(state, JinjaValue.From(PythonText.Str(state, value)), arguments);
    }

    private static JinjaValue Replace(RenderState state, JinjaValue value, CallArguments arguments)
    {
        JinjaValue TextAt(int index, string name) =>
            JinjaValue.From(PythonText.Str(state, arguments.Required(state, index, name)));

        var texts = new CallArguments(
            [TextAt(0, "old"), TextAt(1, "new"), arguments.Get(2, "count", JinjaValue.None)], []);
        return StringSearch.Replace(state, JinjaValue.From(PythonText.Str(state, value)), texts);
    }

    private static JinjaValue Named(CallArguments arguments)
    {
        var dict = new JinjaDict();
        foreach (var (name, value) in arguments.Named)
        {
            dict.Set(name, value);
        }

        return JinjaValue.From(dict);
    }

    private static JinjaValue Indent(RenderState state, JinjaValue value, CallArguments arguments)
    {
        var text = PythonText.Str(state, value);
        var width = arguments.Get(0, "width", JinjaValue.From(4));
        var indentFirst = arguments.Flag(1, "first");
        var indentBlank = arguments.Flag(2, "blank");
        if (!width.IsString)
        {
            var spaces = arguments.Integer(state, 0, "width", 4);
            state.ChargeText(Math.Max(spaces, 0));
            width = JinjaValue.From(new string(' ', (int)Math.Max(spaces, 0)));
        }

        var lines = TextSplitting.Lines(state, text + "\n", keepEnds: false);
        state.ChargeText(text.Length + (lines.Count * (width.AsString.Length + 1L)));
        for (var i = 0; i < lines.Count; i++)
        {
            var indents = i == 0 ? indentFirst : indentBlank || lines[i].Length > 0;
            lines[i] = indents ? width.AsString + lines[i] : lines[i];
        }

        return JinjaValue.From(string.Join('\n', lines));
    }

    private static JinjaValue Center(RenderState state, JinjaValue value, CallArguments arguments)
    {
        var text = PythonText.Str(state, value);
        var missing = arguments.Integer(state, 0, "width", 80) - CodePoints.Count(text);
        if (missing <= 0)
        {
            return JinjaValue.From(text);
        }

        state.ChargeText(text.Length + missing);
        return JinjaValue.From(text.PadLeft(text.Length + (int)(missing / 2)).PadRight(text.Length + (int)missing));
    }

    private static JinjaValue Escape(RenderState state, JinjaValue value, CallArguments arguments)
    {
        var text = PythonText.Str(state, value);
        state.ChargeText(text.Length * 5L);
        return JinjaValue.From(text
            .Replace("&", "&amp;", StringComparison.Ordinal)
            .Replace("<", "&lt;", StringComparison.Ordinal)
            .Replace(">", "&gt;", StringComparison.Ordinal)
            .Replace("\"", "&#34;", StringComparison.Ordinal)
            .Replace("'", "&#39;", StringComparison.Ordinal));
    }
}
