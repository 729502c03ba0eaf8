using System.Diagnostics;
using Ollama.Platform.Prompting.Jinja.Expressions;
using Ollama.Platform.Prompting.Jinja.Runtime;
using Ollama.Platform.Prompting.Jinja.Values;

namespace Ollama.Platform.Prompting.Jinja.Library;

/// <summary>
/// Arithmetic as in Python, except that integers have 64 bits: a result beyond them is an error, not a longer number.
/// </summary>
internal static class Arithmetic
{
    public static JinjaValue Apply(RenderState state, ArithmeticOperator operation, JinjaValue left, JinjaValue right)
    {
        if (operation == ArithmeticOperator.Add && left.IsString && right.IsString)
        {
            state.ChargeText((long)left.AsString.Length + right.AsString.Length);
            return JinjaValue.From(string.Concat(left.AsString, right.AsString));
        }

        if (left.TryGetInteger(out var leftInteger) && right.TryGetInteger(out var rightInteger))
        {
            try
            {
                return OfIntegers(state, operation, leftInteger, rightInteger);
            }
            catch (OverflowException)
            {
                throw state.Fail("the result does not fit in a 64-bit integer");
            }
        }

        if (left.TryGetNumber(out var leftNumber) && right.TryGetNumber(out var rightNumber))
        {
            return JinjaValue.From(OfFloats(state, operation, leftNumber, rightNumber));
        }

        return OfContainers(state, operation, left, right)
            ?? throw state.Fail($"'{ArithmeticOperators.Symbol(operation)}' does not work with "
                + $"{PythonText.TypeOf(left)} and {PythonText.TypeOf(right)}");
    }

    private static JinjaValue OfIntegers(RenderState state, ArithmeticOperator operation, long left, long right)
    {
        checked
        {
            switch (operation)
            {
                case ArithmeticOperator.Add:
                    return JinjaValue.From(left + right);
                case ArithmeticOperator.Subtract:
                    return JinjaValue.From(left - right);
                case ArithmeticOperator.Multiply:
                    return JinjaValue.From(left * right);
                case ArithmeticOperator.Power when right >= 0:
                    return JinjaValue.From(Power(left, right));
                case ArithmeticOperator.Power or ArithmeticOperator.Divide:
                    return JinjaValue.From(OfFloats(state, operation, left, right));
            }

            RefuseZero(state, right == 0);

            // Python rounds down, and the remainder has the sign of the divisor. The processor refuses to divide the
            // least number by -1.
            var remainder = right == -1 ? 0 : left % right;
            var roundedUp = remainder != 0 && (remainder < 0) != (right < 0);
            return operation == ArithmeticOperator.Modulo
                ? JinjaValue.From(roundedUp ? remainder + right : remainder)
                : JinjaValue.From(right == -1 ? -left : (left / right) - (roundedUp ? 1 : 0));
        }
    }

    private static long Power(long number, long exponent)
    {
        if (number is 0 or 1 || exponent == 0)
        {
            return exponent == 0 ? 1 : number;
        }

        if (number == -1)
        {
            return exponent % 2 == 0 ? 1 : -1;
        }

        var result = 1L;
        for (var i = 0L; i < exponent; i++)
        {
            // Overflows after at most 63 rounds.
            result = checked(result * number);
        }

        return result;
    }

    private static double OfFloats(RenderState state, ArithmeticOperator operation, double left, double right)
    {
        switch (operation)
        {
            case ArithmeticOperator.Add:
                return left + right;
            case ArithmeticOperator.Subtract:
                return left - right;
            case ArithmeticOperator.Multiply:
                return left * right;
            case ArithmeticOperator.Power:
                RefuseZero(state, left == 0 && right < 0);
                return Math.Pow(left, right);
            case ArithmeticOperator.Divide:
                RefuseZero(state, right == 0);
                return left / right;
            case ArithmeticOperator.FloorDivide:
                RefuseZero(state, right == 0);
                return Math.Floor(left / right);
            case ArithmeticOperator.Modulo:
                RefuseZero(state, right == 0);
                var remainder = left % right;
                return remainder != 0 && (remainder < 0) != (right < 0) ? remainder + right : remainder;
            default:
                throw new UnreachableException();
        }
    }

    private static JinjaValue? OfContainers(
        RenderState state, ArithmeticOperator operation, JinjaValue left, JinjaValue right)
    {
        switch (operation)
        {
            case ArithmeticOperator.Add when left.IsSequence && left.Kind == right.Kind:
                state.Charge((long)left.Items.Length + right.Items.Length);
                return SequenceOf(left.Kind, [.. left.Items, .. right.Items]);
            case ArithmeticOperator.Multiply when right.TryGetInteger(out var count):
                return Repeat(state, left, count);
            case ArithmeticOperator.Multiply when left.TryGetInteger(out var count):
                return Repeat(state, right, count);
            case ArithmeticOperator.Modulo when left.IsString:
                return PercentFormat.Apply(state, left.AsString, right);
            default:
                return null;
        }
    }

    private static JinjaValue? Repeat(RenderState state, JinjaValue value, long count)
    {
        count = Math.Max(count, 0);
        if (value.IsString)
        {
            var length = Math.BigMul(value.AsString.Length, count, out var low) != 0 || low < 0 ? long.MaxValue : low;
            state.ChargeText(length);
            return JinjaValue.From(string.Concat(Enumerable.Repeat(value.AsString, length == 0 ? 0 : (int)count)));
        }

        if (!value.IsSequence)
        {
            return null;
        }

        var items = value.Items;
        var total = Math.BigMul(items.Length, count, out var lowItems) != 0 || lowItems < 0 ? long.MaxValue : lowItems;
        state.Charge(total);
        var repeated = new JinjaValue[total];
        for (var i = 0; i < total; i += items.Length)
        {
            items.CopyTo(repeated.AsSpan(i));
        }

        return SequenceOf(value.Kind, repeated);
    }

    private static JinjaValue SequenceOf(JinjaKind kind, JinjaValue[] items) =>
        kind == JinjaKind.Tuple ? JinjaValue.TupleOf(items) : JinjaValue.From([.. items]);

    private static void RefuseZero(RenderState state, bool isZero)
    {
        if (isZero)
        {
            throw state.Fail("division by zero");
        }
    }
}
