using Ollama.Platform.Prompting.Jinja.Values;

namespace Ollama.Platform.Prompting.Jinja.Runtime;

/// <summary>An argument passed by name.</summary>
internal readonly record struct NamedValue(string Name, JinjaValue Value);
