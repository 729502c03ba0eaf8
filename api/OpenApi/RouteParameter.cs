using System.Text.Json.Nodes;

namespace Ollama.Platform.Api.OpenApi;

/// <summary>One parameter of a route.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Place"><c>path</c>, <c>query</c> or <c>header</c>.</param>
/// <param name="Schema">What it may be.</param>
/// <param name="About">What it means.</param>
/// <param name="Example">A value that works on a new server.</param>
internal sealed record RouteParameter(string Name, string Place, JsonObject Schema, string About, string Example)
{
    /// <summary>A part of the path.</summary>
    public static RouteParameter OfPath(string name, string about, string example) =>
        new(name, "path", new JsonObject { ["type"] = "string" }, about, example);
}
