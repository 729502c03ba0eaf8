using System.Globalization;
using Ollama.Platform.Prompting.Go.Values;

namespace Ollama.Platform.Prompting.Go.Library;

/// <summary>The functions of the language, and those that templates of models have besides.</summary>
internal static class FunctionTable
{
    private static readonly Dictionary<string, GoFunction> Functions = new(StringComparer.Ordinal)
    {
        ["and"] = new((_, _) => GoNil.Value, 1, true) { ShortCircuitsOn = false },
        ["or"] = new((_, _) => GoNil.Value, 1, true) { ShortCircuitsOn = true },
        ["not"] = new((_, arguments) => GoBool.Of(!arguments[0].IsTrue), 1),
        ["eq"] = new((call, arguments) => GoBool.Of(Comparison.AnyEqual(call, arguments)), 1, true),
        ["ne"] = new((call, arguments) => GoBool.Of(!Comparison.AreEqual(call, arguments[0], arguments[1])), 2),
        ["lt"] = new((call, arguments) => GoBool.Of(Comparison.Order(call, arguments) is < 0), 2),
        ["le"] = new((call, arguments) => GoBool.Of(Comparison.Order(call, arguments) is <= 0), 2),
        ["gt"] = new((call, arguments) => GoBool.Of(Comparison.Order(call, arguments) is not (null or <= 0)), 2),
        ["ge"] = new((call, arguments) => GoBool.Of(Comparison.Order(call, arguments) is not (null or < 0)), 2),
        ["call"] = new(RefuseCall, 1, true),
        ["index"] = new(Indexing.Index, 1, true),
        ["slice"] = new(Indexing.Slice, 1, true),
        ["len"] = new(Indexing.Length, 1),
        ["print"] = new((call, arguments) => new GoString(GoPrinter.PrintAll(call.State, arguments)), 0, true),
        ["println"] = new((call, arguments) => new GoString(GoPrinter.PrintLine(call.State, arguments)), 0, true),
        ["printf"] = new(PrintFormatted, 1, true) { BeginsWithText = true },
        ["html"] = new((call, arguments) => call.Text(Escapes.Html(Join(call, arguments))), 0, true),
        ["js"] = new((call, arguments) => call.Text(Escapes.JavaScript(Join(call, arguments))), 0, true),
        ["urlquery"] = new((call, arguments) => call.Text(Escapes.UrlQuery(Join(call, arguments))), 0, true),
        ["json"] = new((call, arguments) => new GoString(GoJson.Write(call.State, arguments[0])), 1),
        ["currentDate"] = new((call, _) => Date(call.State.Now), 0, true),
        ["yesterdayDate"] = new((call, _) => Date(call.State.Now.AddDays(-1)), 0, true),
        ["toTypeScriptType"] = new((_, arguments) => new GoString(TypeScriptTypes.Find(arguments[0]) ?? "any"), 1),
    };

    public static bool Has(string name) => Functions.ContainsKey(name);

    public static GoFunction Find(string name) => Functions[name];

    // No value is a function here, so a call can only fail.
    private static GoValue RefuseCall(GoCall call, GoValue[] arguments) => throw call.Fail(
        arguments[0] is GoNil ? "call of nil" : $"non-function of type {arguments[0].TypeName}");

    private static GoString PrintFormatted(GoCall call, GoValue[] arguments) =>
        new(FormattedText.Format(call.State, ((GoString)arguments[0]).Value, arguments[1..]));

    private static string Join(GoCall call, GoValue[] arguments) =>
        arguments is [GoString only] ? only.Value : GoPrinter.PrintAll(call.State, arguments);

    private static GoString Date(DateTimeOffset time) => new(time.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
}
