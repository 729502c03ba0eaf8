using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Ollama.Platform.Api.Routing;

/// <summary>Entity tags, by which a client says what it has already.</summary>
internal static class EntityTags
{
    /// <summary>Whether a client has what it asks for: its <c>If-None-Match</c> names the tag, or any.</summary>
    /// <param name="request">The request.</param>
    /// <param name="tag">The tag of the answer.</param>
    public static bool IsKnown(HttpRequest request, string tag) =>
        request.GetTypedHeaders().IfNoneMatch.Any(one => one.Equals(EntityTagHeaderValue.Any)
            || one.Compare(EntityTagHeaderValue.Parse(tag), useStrongComparison: false));
}
