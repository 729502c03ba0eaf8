namespace Ollama.Platform.Prompting.Parsing;

/// <summary>A parser that a model's config can name.</summary>
/// <param name="Format">How completions are read.</param>
/// <param name="Tools">The model can call tools.</param>
/// <param name="Thinking">The model can set reasoning apart.</param>
internal sealed record BuiltInParser(IOutputFormat Format, bool Tools, bool Thinking);
