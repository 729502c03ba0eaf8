using System.Text.Json;

namespace Ollama.Platform.Prompting.Parsing;

/// <summary>Reads the body of one complete tool call, without the marks around it.</summary>
internal interface IToolCallReader
{
    /// <summary>Reads name and arguments (a JSON object).</summary>
    /// <exception cref="OutputFormatException">The body is malformed.</exception>
    (string Name, JsonElement Arguments) Read(string body);
}
