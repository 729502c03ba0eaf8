using System.Text.Json;

namespace Ollama.Platform.Prompting.Parsing;

/// <summary>One call as the model wrote it.</summary>
/// <param name="Name">Name of the function.</param>
/// <param name="Arguments">A JSON object.</param>
internal readonly record struct ParsedCall(string Name, JsonElement Arguments);
