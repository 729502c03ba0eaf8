using Ollama.Platform.Prompting.Jinja.Syntax;

namespace Ollama.Platform.Prompting.Jinja.Expressions;

/// <summary>One comparison of a chain: the relation to the value before it.</summary>
internal readonly record struct ComparisonOperand(SourcePosition Position, Relation Relation, IExpression Value);
