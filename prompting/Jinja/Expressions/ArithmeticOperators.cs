using System.Diagnostics;

namespace Ollama.Platform.Prompting.Jinja.Expressions;

/// <summary>The arithmetic operators and how they are written.</summary>
internal static class ArithmeticOperators
{
    public static ArithmeticOperator Parse(string symbol) => symbol switch
    {
        "+" => ArithmeticOperator.Add,
        "-" => ArithmeticOperator.Subtract,
        "*" => ArithmeticOperator.Multiply,
        "/" => ArithmeticOperator.Divide,
        "//" => ArithmeticOperator.FloorDivide,
        "%" => ArithmeticOperator.Modulo,
        "**" => ArithmeticOperator.Power,
        _ => throw new UnreachableException(),
    };

    public static string Symbol(ArithmeticOperator operation) => operation switch
    {
        ArithmeticOperator.Add => "+",
        ArithmeticOperator.Subtract => "-",
        ArithmeticOperator.Multiply => "*",
        ArithmeticOperator.Divide => "/",
        ArithmeticOperator.FloorDivide => "//",
        ArithmeticOperator.Modulo => "%",
        _ => "**",
    };
}
