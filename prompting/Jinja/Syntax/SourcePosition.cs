namespace Ollama.Platform.Prompting.Jinja.Syntax;

/// <summary>A place in the template, both numbers from 1.</summary>
internal readonly record struct SourcePosition(int Line, int Column);
