using System.Text.Json;
using Ollama.Platform.Prompting.Go;
using Ollama.Platform.Prompting.Go.Values;
using Ollama.Platform.Prompting.Rendering;

namespace Ollama.Platform.UnitTests.Prompting.Go;

/// <summary>Renders templates with a dot that is a map of sample values.</summary>
internal static class GoSample
{
    private const string Dot =
        """
        {"Name":"Ada","Empty":"","Zero":0,"Pi":3.5,"Yes":true,"No":false,"None":null,"Umlaut":"äö",
         "List":["a","b","c"],"NoList":[],"Map":{"b":2,"a":1},"NoMap":{},
         "People":[{"Name":"Bo","Age":1},{"Name":"Cy","Age":2}],"Deep":{"Er":{"Text":"deep"}},"Html":"<a href='x'>&"}
        """;

    public static DateTimeOffset Now { get; } = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    public static string Render(string template) => Render(template, GoLimits.Default);

    public static string Render(string template, GoLimits limits) =>
        GoTemplate.Parse(template).Render(Read(Dot), Now, limits, TestContext.Current.CancellationToken);

    public static string Fail(string template) =>
        Assert.Throws<TemplateException>(() => Render(template)).Message;

    private static GoValue Read(string json)
    {
        using var document = JsonDocument.Parse(json);
        return Of(document.RootElement);
    }

    private static GoValue Of(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.True => GoBool.True,
        JsonValueKind.False => GoBool.False,
        JsonValueKind.Number when element.TryGetInt64(out var integer) => new GoInteger(integer),
        JsonValueKind.Number => new GoFloat(element.GetDouble()),
        JsonValueKind.String => new GoString(element.GetString()!),
        JsonValueKind.Array => new GoList("[]interface {}", [.. element.EnumerateArray().Select(Of)]),
        JsonValueKind.Object => new GoMap(
            "map[string]interface {}",
            element.EnumerateObject().Select(member => KeyValuePair.Create(member.Name, Of(member.Value))),
            GoNil.Value),
        _ => GoNil.Value,
    };
}
