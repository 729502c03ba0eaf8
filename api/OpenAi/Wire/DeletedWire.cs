namespace Ollama.Platform.Api.OpenAi.Wire;

/// <summary>Says that something is gone.</summary>
/// <param name="Id">What was deleted.</param>
/// <param name="Object">What kind of thing it was.</param>
/// <param name="Deleted">Always true.</param>
internal sealed record DeletedWire(string Id, string Object, bool Deleted = true);
