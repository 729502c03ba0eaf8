namespace Ollama.Platform.Api.Errors;

/// <summary>A refusal in the terms of a dialect.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Message">The text of the error.</param>
internal sealed record ErrorReply(int Status, string Message);
