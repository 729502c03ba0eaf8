namespace Ollama.Platform.Prompting.Modelfiles;

/// <summary>A Modelfile breaks the grammar.</summary>
/// <param name="message">What is wrong, with the line where one is to blame.</param>
public sealed class ModelfileException(string message) : Exception(message);
