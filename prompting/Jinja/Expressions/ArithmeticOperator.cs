namespace Ollama.Platform.Prompting.Jinja.Expressions;

/// <summary>The arithmetic operators.</summary>
internal enum ArithmeticOperator : byte
{
    Add,
    Subtract,
    Multiply,
    Divide,
    FloorDivide,
    Modulo,
    Power,
}
