namespace Ollama.Platform.Prompting.Go.Values;

/// <summary>One field of a record.</summary>
/// <param name="Name">The name that templates use.</param>
/// <param name="JsonName">Its key in JSON.</param>
/// <param name="OmittedWhenEmpty">Left out of the JSON when it is zero or empty.</param>
internal sealed record GoField(string Name, string JsonName, bool OmittedWhenEmpty = false);
