namespace Ollama.Platform.Prompting.Parsing;

/// <summary>A family's names for the tags around a call and around each of its values.</summary>
/// <param name="Invoke">Around the call.</param>
/// <param name="Parameter">Around a value.</param>
/// <param name="KeepsLineFeeds">Line feeds at the ends of a value are part of it.</param>
internal sealed record InvokeTags(string Invoke, string Parameter, bool KeepsLineFeeds = false);
