using System.Diagnostics.CodeAnalysis;

namespace Ollama.Platform.Api.OpenApi;

/// <summary>A request that works on a new server.</summary>
/// <param name="Name">Names it among the examples of its route.</param>
/// <param name="Json">The body.</param>
internal sealed record RouteExample(string Name, [StringSyntax(StringSyntaxAttribute.Json)] string Json);
