using System.Text.Json;
using Ollama.Platform.Prompting.Jinja.Runtime;
using Ollama.Platform.Prompting.Jinja.Values;

namespace Ollama.Platform.Prompting.Jinja.Library;

/// <summary>Filters that convert a value: defaults, numbers, JSON.</summary>
internal static class ValueFilters
{
    public static Dictionary<string, Builtin> All { get; } = new(StringComparer.Ordinal)
    {
        ["default"] = Default,
        ["d"] = Default,
        ["string"] = (state, value, _) => JinjaValue.From(PythonText.Str(state, value)),
        ["safe"] = (state, value, _) => JinjaValue.From(PythonText.Str(state, value)),
        ["int"] = ToInteger,
        ["float"] = ToFloat,
        ["abs"] = Absolute,
        ["round"] = Round,
        ["tojson"] = ToJson,
        ["from_json"] = FromJson,
        ["fromjson"] = FromJson,
        ["attr"] = (state, value, arguments) =>
            Members.TryGet(state, value, arguments.RequiredText(state, 0, "name"), out var member) ? member : default,
    };

    private static JinjaValue Default(RenderState state, JinjaValue value, CallArguments arguments)
    {
        var replace = value.IsUndefined || (arguments.Flag(1, "boolean") && !value.IsTrue);
        return replace ? arguments.Get(0, "default_value", JinjaValue.EmptyText) : value;
    }

    private static JinjaValue ToInteger(RenderState state, JinjaValue value, CallArguments arguments)
    {
        var otherwise = arguments.Get(0, "default", JinjaValue.From(0));
        if (value.TryGetInteger(out var integer))
        {
            return JinjaValue.From(integer);
        }

        var number = value.Kind == JinjaKind.Float ? value.AsFloat : double.NaN;
        if (value.IsString)
        {
            var radix = (int)Math.Clamp(arguments.Integer(state, 1, "base", 10), 0, 36);
            if (NumberText.TryParseInteger(value.AsString, radix, out integer))
            {
                return JinjaValue.From(integer);
            }

            number = NumberText.TryParseFloat(value.AsString, out var parsed) ? parsed : double.NaN;
        }

        // Not a number compares false with everything.
        return Math.Abs(number) < long.MaxValue ? JinjaValue.From((long)number) : otherwise;
    }

    private static JinjaValue ToFloat(RenderState state, JinjaValue value, CallArguments arguments)
    {
        if (value.TryGetNumber(out var number))
        {
            return JinjaValue.From(number);
        }

        return value.IsString && NumberText.TryParseFloat(value.AsString, out number)
            ? JinjaValue.From(number)
            : arguments.Get(0, "default", JinjaValue.From(0.0));
    }

    private static JinjaValue Absolute(RenderState state, JinjaValue value, CallArguments arguments)
    {
        if (value.TryGetInteger(out var integer))
        {
            return integer == long.MinValue
                ? throw state.Fail("the result does not fit in a 64-bit integer")
                : JinjaValue.From(Math.Abs(integer));
        }

        return JinjaValue.From(Math.Abs(Number(state, value)));
    }

    private static JinjaValue Round(RenderState state, JinjaValue value, CallArguments arguments)
    {
        var precision = (int)Math.Clamp(arguments.Integer(state, 0, "precision", 0), -300, 300);
        var method = arguments.Text(state, 1, "method", "common");
        var number = Number(state, value);
        if (method == "common" && precision is >= 0 and <= 15)
        {
            return value.TryGetInteger(out var integer)
                ? JinjaValue.From(integer)
                : JinjaValue.From(Math.Round(number, precision));
        }

        var scale = Math.Pow(10, Math.Abs(precision));
        var scaled = precision < 0 ? number / scale : number * scale;
        var rounded = method switch
        {
            "common" => Math.Round(scaled, MidpointRounding.ToEven),
            "ceil" => Math.Ceiling(scaled),
            "floor" => Math.Floor(scaled),
            _ => throw state.Fail("the rounding method must be 'common', 'ceil' or 'floor'"),
        };
        return JinjaValue.From(precision < 0 ? rounded * scale : rounded / scale);
    }

    private static double Number(RenderState state, JinjaValue value) => value.TryGetNumber(out var number)
        ? number
        : throw state.Fail($"expected a number, not {PythonText.TypeOf(value)}");

    private static JinjaValue ToJson(RenderState state, JinjaValue value, CallArguments arguments)
    {
        var indent = Indent(state, arguments.Get(1, "indent", JinjaValue.None));
        var separators = arguments.Get(2, "separators", JinjaValue.None);
        if (separators.Kind != JinjaKind.None && (!separators.IsSequence || separators.Items.Length != 2))
        {
            throw state.Fail("the separators must be a pair of strings");
        }

        var json = new JsonText(state)
        {
            AsciiOnly = arguments.Flag(0, "ensure_ascii"),
            Indent = indent,
            SortKeys = arguments.Flag(3, "sort_keys"),
            ItemSeparator = separators.IsSequence ? PythonText.Str(state, separators.Items[0])
                : indent is null ? ", " : ",",
            KeySeparator = separators.IsSequence ? PythonText.Str(state, separators.Items[1]) : ": ",
        };
        return JinjaValue.From(json.Write(value));
    }

    private static string? Indent(RenderState state, JinjaValue indent)
    {
        if (indent.Kind == JinjaKind.None || indent.IsString)
        {
            return indent.IsString ? indent.AsString : null;
        }

        return indent.TryGetInteger(out var width)
            ? new string(' ', (int)Math.Clamp(width, 0, 100))
            : throw state.Fail("the indent must be an integer or a string");
    }

    private static JinjaValue FromJson(RenderState state, JinjaValue value, CallArguments arguments)
    {
        if (!value.IsString)
        {
            throw state.Fail($"JSON is read from a string, not from {PythonText.TypeOf(value)}");
        }

        // A value takes at least one character, and some hundred bytes of memory.
        state.Charge(value.AsString.Length);
        try
        {
            using var document = JsonDocument.Parse(value.AsString);
            return JinjaValue.FromJson(document.RootElement);
        }
        catch (JsonException)
        {
            throw state.Fail("the string is not valid JSON");
        }
    }
}
