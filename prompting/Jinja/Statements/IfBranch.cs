using Ollama.Platform.Prompting.Jinja.Expressions;

namespace Ollama.Platform.Prompting.Jinja.Statements;

/// <summary>One condition of an if statement and what it guards.</summary>
internal readonly record struct IfBranch(IExpression Condition, IStatement Body);
