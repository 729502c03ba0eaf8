using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Ollama.Platform.Api.Errors;

namespace Ollama.Platform.Api.OpenApi;

/// <summary>What a dialect says of itself.</summary>
internal sealed record DialectSpecification
{
    /// <summary>Names it.</summary>
    public required string Name { get; init; }

    /// <summary>What it is.</summary>
    public required string About { get; init; }

    /// <summary>The wire record of its refusals.</summary>
    public required JsonTypeInfo Error { get; init; }

    /// <summary>A refusal as the wire has it.</summary>
    public required Func<ErrorReply, JsonNode?> ToBody { get; init; }

    /// <summary>Its routes.</summary>
    public required IReadOnlyList<RouteDescription> Routes { get; init; }

    /// <summary>Schemas of its requests, by name.</summary>
    public required IReadOnlyDictionary<string, JsonObject> Schemas { get; init; }
}
