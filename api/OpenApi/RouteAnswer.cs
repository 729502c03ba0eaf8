using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using Ollama.Platform.Api.Streaming;

namespace Ollama.Platform.Api.OpenApi;

/// <summary>One answer of a route.</summary>
/// <param name="Status">The status.</param>
/// <param name="MediaType">The media type without parameters; null for no body.</param>
/// <param name="Types">
/// The wire record, or one of several, of a whole answer or of each line or event; none for what is no JSON.
/// </param>
/// <param name="About">When this is the answer.</param>
internal sealed record RouteAnswer(int Status, string? MediaType, IReadOnlyList<JsonTypeInfo> Types, string About)
{
    /// <summary>One JSON value.</summary>
    public static RouteAnswer Json(JsonTypeInfo type, string about = "The answer.") =>
        new(StatusCodes.Status200OK, MediaTypes.JsonBeforeStream, [type], about);

    /// <summary>A JSON value in each line.</summary>
    public static RouteAnswer Lines(params JsonTypeInfo[] types) => new(
        StatusCodes.Status200OK, MediaTypes.Ndjson, types, "With `stream`: lines, each with one value of this schema.");

    /// <summary>Server-sent events with a JSON value each.</summary>
    /// <param name="ending">What comes after the last value.</param>
    /// <param name="types">The values.</param>
    public static RouteAnswer Events(string ending, params JsonTypeInfo[] types) => new(
        StatusCodes.Status200OK,
        MediaTypes.Events,
        types,
        "With `stream`: events, the data of each a value of this schema. " + ending);

    /// <summary>No body.</summary>
    public static RouteAnswer Empty(int status, string about) => new(status, null, [], about);

    /// <summary>A text.</summary>
    public static RouteAnswer Text(string about) => new(StatusCodes.Status200OK, "text/plain", [], about);
}
