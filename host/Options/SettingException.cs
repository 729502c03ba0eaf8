namespace Ollama.Platform.Host.Options;

/// <summary>A setting that the process cannot start with; the message says which and what it may be.</summary>
internal sealed class SettingException(string message) : Exception(message);
