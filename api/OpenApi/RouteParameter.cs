using System.Text.Json.Nodes;

namespace Ollama.Platform.Api.OpenApi;

/// <summary>One parameter of a route.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Place"><c>path</c> or <c>query</c>.</param>
/// <param name="Schema">What it may be.</param>
/// <param name="About">What it means.</param>
/// <param name="Example">A value that works on a new server; null where there is none.</param>
internal sealed record RouteParameter(string Name, string Place, JsonObject Schema, string About, string? Example)
{
    /// <summary>The place of what stands in the path.</summary>
    public const string PathPlace = "path";

    /// <summary>A part of the path.</summary>
    public static RouteParameter OfPath(string name, string about, string example) =>
        new(name, PathPlace, new JsonObject { ["type"] = "string" }, about, example);

    /// <summary>A part of the query, which may be left out.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="schema">What it may be and what it means.</param>
    /// <param name="example">A value that works on a new server.</param>
    public static RouteParameter OfQuery(string name, JsonObject schema, string? example = null)
    {
        var about = schema["description"]!.ToString();
        schema.Remove("description");
        return new RouteParameter(name, "query", OpenApi.Schema.Present(schema), about, example);
    }

    /// <summary>Which part of a list is asked for.</summary>
    /// <param name="limitDefault">How many entries unless it says.</param>
    /// <param name="limitMax">Most entries that can be asked for.</param>
    public static RouteParameter[] OfPage(int limitDefault, int limitMax) =>
    [
        OfQuery("limit", OpenApi.Schema.Whole($"Most entries; {limitDefault} by default.", 1, limitMax), "10"),
        OfQuery(
            "order", OpenApi.Schema.Choice("By age: `desc` (the default) has the newest first.", "asc", "desc"), "asc"),
        OfQuery("after", OpenApi.Schema.Text("The entry behind which the list goes on.")),
    ];
}
