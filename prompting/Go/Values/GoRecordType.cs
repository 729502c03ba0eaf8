namespace Ollama.Platform.Prompting.Go.Values;

/// <summary>The fields of a kind of records.</summary>
/// <param name="Name">The type in Go's notation.</param>
/// <param name="Notation">How it prints.</param>
/// <param name="Fields">The fields in the order in which they print.</param>
internal sealed record GoRecordType(string Name, GoNotation Notation, IReadOnlyList<GoField> Fields);
