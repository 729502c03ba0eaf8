using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Ollama.Platform.Api.Routing;

namespace Ollama.Platform.Api.OpenApi;

/// <summary>What the specification says of one route. Its path and method are those under which it is mapped.</summary>
internal sealed record RouteDescription
{
    /// <summary>Method and path, e.g. <c>POST /api/chat</c>.</summary>
    public required string Route { get; init; }

    /// <summary>Names the operation in generated clients.</summary>
    public required string Id { get; init; }

    /// <summary>One line.</summary>
    public required string Summary { get; init; }

    /// <summary>What one line does not say.</summary>
    public string? Remarks { get; init; }

    /// <summary>The kind by which refusals are worded.</summary>
    public RouteKind Kind { get; init; }

    /// <summary>What it refuses.</summary>
    public RefusalScope Refusals { get; init; }

    /// <summary>Wire records of refusals in other dialects that share the route.</summary>
    public IReadOnlyList<JsonTypeInfo> OtherErrors { get; init; } = [];

    /// <summary>Parameters of path, query and headers.</summary>
    public IReadOnlyList<RouteParameter> Parameters { get; init; } = [];

    /// <summary>Schema of the JSON body; null for none.</summary>
    public JsonObject? Body { get; init; }

    /// <summary>The media type of a body that is not JSON; null for none.</summary>
    public string? RawBodyType { get; init; }

    /// <summary>Requests that work on a new server. They are sent by a test, in the order of the routes.</summary>
    public IReadOnlyList<RouteExample> Examples { get; init; } = [];

    /// <summary>Answers other than refusals.</summary>
    public required IReadOnlyList<RouteAnswer> Answers { get; init; }
}
