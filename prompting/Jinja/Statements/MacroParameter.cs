using Ollama.Platform.Prompting.Jinja.Expressions;

namespace Ollama.Platform.Prompting.Jinja.Statements;

/// <summary>A parameter of a macro; without a default it is undefined when it is not passed.</summary>
internal readonly record struct MacroParameter(int Number, string Name, IExpression? Default);
