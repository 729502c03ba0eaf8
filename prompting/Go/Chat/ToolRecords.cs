using System.Text.Json;
using Ollama.Platform.Contracts.Models;
using Ollama.Platform.Prompting.Go.Values;
using Ollama.Platform.Prompting.Rendering;

namespace Ollama.Platform.Prompting.Go.Chat;

/// <summary>Tools and tool calls as templates see them: with the fields that templates name, and no others.</summary>
internal static class ToolRecords
{
    private const string TypesName = "api.PropertyType";

    private const string TextsName = "[]string";
    private const string ValuesName = "[]interface {}";
    private const string ObjectName = "map[string]interface {}";
    private const string PropertiesName = "template.templateProperties";

    private static readonly GoRecordType Tool = new(
        "template.templateTool", GoNotation.Json,
        [new("Type", "type"), new("Items", "items", true), new("Function", "function")]);

    private static readonly GoRecordType Function = new(
        "template.templateToolFunction", GoNotation.Json,
        [new("Name", "name"), new("Description", "description"), new("Parameters", "parameters")]);

    private static readonly GoRecordType Parameters = new(
        "template.templateToolFunctionParameters", GoNotation.Json,
        [
            new("Type", "type"), new("Defs", "$defs", true), new("Items", "items", true),
            new("Required", "required", true), new("Properties", "properties"),
        ]);

    private static readonly GoRecordType Property = new(
        "api.ToolProperty", GoNotation.Go,
        [
            new("AnyOf", "anyOf", true), new("Type", "type", true), new("Items", "items", true),
            new("Description", "description", true), new("Enum", "enum", true),
            new("Properties", "properties", true), new("Required", "required", true),
        ]);

    private static readonly GoRecordType Call = new(
        "template.templateToolCall", GoNotation.Go, [new("ID", "ID"), new("Function", "Function")]);

    private static readonly GoRecordType CalledFunction = new(
        "template.templateToolCallFunction", GoNotation.Go,
        [new("Index", "Index"), new("Name", "Name"), new("Arguments", "Arguments")]);

    private static readonly GoRecord NoProperty = Of(default(JsonElement), OfProperty);

    /// <summary>The list of tools; one that was never made when there are none.</summary>
    /// <exception cref="TemplateException">A text is not valid Unicode.</exception>
    public static GoList Of(IReadOnlyList<ToolDefinition> tools) => new(
        "template.templateTools",
        tools.Count == 0 ? null : [.. tools.Select(tool => Of(tool.Definition, OfTool))],
        GoNotation.Json);

    /// <summary>One call of a message.</summary>
    /// <exception cref="TemplateException">A text is not valid Unicode.</exception>
    public static GoRecord Of(ToolCall call) => new(
        Call,
        new GoString(call.Id ?? ""),
        new GoRecord(
            CalledFunction,
            new GoInteger(call.Index),
            new GoString(call.Name),
            Of(call.Arguments, arguments => new GoMap(
                "template.templateArgs", Members(arguments, OfAny), GoNil.Value, GoNotation.Json))));

    // Half of an escaped surrogate pair passes every JSON reader and fails only where the text is wanted: here.
    private static T Of<T>(JsonElement element, Func<JsonElement, T> convert)
    {
        try
        {
            return convert(element);
        }
        catch (InvalidOperationException)
        {
            throw new TemplateException("a tool or a call holds a text that is not valid Unicode", 0, 0);
        }
    }

    private static GoRecord OfTool(JsonElement tool)
    {
        var function = Find(tool, "function");
        var parameters = Find(function, "parameters");
        return new GoRecord(
            Tool,
            OfText(tool, "type"),
            OfAny(Find(tool, "items")),
            new GoRecord(
                Function,
                OfText(function, "name"),
                OfText(function, "description"),
                new GoRecord(
                    Parameters,
                    OfText(parameters, "type"),
                    OfAny(Find(parameters, "$defs")),
                    OfAny(Find(parameters, "items")),
                    OfTexts(parameters, "required"),
                    OfProperties(Find(parameters, "properties")))));
    }

    private static GoMap OfProperties(JsonElement properties) =>
        new(PropertiesName, Members(properties, OfProperty), NoProperty, GoNotation.Json);

    private static GoRecord OfProperty(JsonElement property)
    {
        var alternatives = Find(property, "anyOf");
        var nested = Find(property, "properties");
        var types = Find(property, "type");
        return new GoRecord(
            Property,
            new GoList(
                "[]api.ToolProperty",
                alternatives.ValueKind == JsonValueKind.Array
                    ? [.. alternatives.EnumerateArray().Select(OfProperty)]
                    : null),
            new GoList(
                TypesName,
                types.ValueKind == JsonValueKind.String ? [new GoString(types.GetString()!)] : TextsOf(types),
                GoNotation.Single),
            OfAny(Find(property, "items")),
            OfText(property, "description"),
            new GoList(
                ValuesName,
                Find(property, "enum") is { ValueKind: JsonValueKind.Array } choices
                    ? [.. choices.EnumerateArray().Select(OfAny)]
                    : null),
            nested.ValueKind == JsonValueKind.Object ? OfProperties(nested) : GoNil.Value,
            OfTexts(property, "required"));
    }

    private static GoList OfTexts(JsonElement parent, string name) => new(TextsName, TextsOf(Find(parent, name)));

    private static List<GoValue>? TextsOf(JsonElement element) => element.ValueKind == JsonValueKind.Array
        ? [.. element.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.String).Select(OfAny)]
        : null;

    private static GoString OfText(JsonElement parent, string name) =>
        Find(parent, name) is { ValueKind: JsonValueKind.String } text ? new(text.GetString()!) : GoString.Empty;

    private static JsonElement Find(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var value) ? value : default;

    private static IEnumerable<KeyValuePair<string, GoValue>> Members(
        JsonElement element, Func<JsonElement, GoValue> convert) => element.ValueKind == JsonValueKind.Object
            ? element.EnumerateObject().Select(member => KeyValuePair.Create(member.Name, convert(member.Value)))
            : [];

    private static GoValue OfAny(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.True => GoBool.True,
        JsonValueKind.False => GoBool.False,
        JsonValueKind.Number => new GoFloat(element.GetDouble()),
        JsonValueKind.String => new GoString(element.GetString()!),
        JsonValueKind.Array => new GoList(ValuesName, [.. element.EnumerateArray().Select(OfAny)]),
        JsonValueKind.Object => new GoMap(ObjectName, Members(element, OfAny), GoNil.Value),
        _ => GoNil.Value,
    };
}
