namespace Ollama.Platform.Api.Errors;

/// <summary>A refusal in the terms of a dialect.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Message">The text of the error.</param>
internal sealed record ErrorReply(int Status, string Message)
{
    /// <summary>The field that is to blame, for the dialect that has a place for it; null for none.</summary>
    public string? Field { get; init; }

    /// <summary>A word for programs, for the dialect that has a place for it; null for none.</summary>
    public string? Word { get; init; }
}
