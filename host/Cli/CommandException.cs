namespace Ollama.Platform.Host.Cli;

/// <summary>Ends a command with exit code 1; the message is the sentence that the user reads.</summary>
internal class CommandException(string message) : Exception(message);
