namespace Ollama.Platform.Api.Access;

/// <summary>Marks a route whose paths may end in a slash: it is part of the path there.</summary>
internal sealed class TrailingSlashCounts;
