namespace Ollama.Platform.Prompting.Parsing;

/// <summary>Where a message goes.</summary>
/// <param name="Part">What it is.</param>
/// <param name="Recipient">The function that it calls; empty for none.</param>
internal readonly record struct MessageRoute(MessagePart Part, string Recipient = "");
