using Ollama.Platform.Prompting.Jinja.Runtime;
using Ollama.Platform.Prompting.Jinja.Values;

namespace Ollama.Platform.Prompting.Jinja.Library;

/// <summary>Equality, order and containment as in Python.</summary>
internal static class Comparison
{
    // A list may contain itself.
    private const int DepthMax = 100;

    public static bool AreEqual(RenderState state, JinjaValue left, JinjaValue right, int depth = 0)
    {
        state.Step();
        if (left.IsString && right.IsString)
        {
            state.ChargeScan(left.AsString.Length);
            return left.AsString == right.AsString;
        }

        if (left.Kind != right.Kind || left.Kind is not (JinjaKind.List or JinjaKind.Tuple or JinjaKind.Dict))
        {
            return JinjaKeyComparer.Instance.Equals(left, right);
        }

        if (depth > DepthMax)
        {
            throw state.Fail("the values are nested too deeply to compare");
        }

        return left.Kind == JinjaKind.Dict
            ? DictsAreEqual(state, left.AsDict, right.AsDict, depth)
            : ItemsAreEqual(state, left.Items, right.Items, depth);
    }

    /// <summary>
    /// Whether the order relation <c>&lt; &lt;= &gt; &gt;=</c> holds; fails for values without an order.
    /// </summary>
    public static bool Holds(RenderState state, string relation, JinjaValue left, JinjaValue right)
    {
        if (left.TryGetNumber(out var leftNumber) && right.TryGetNumber(out var rightNumber)
            && (double.IsNaN(leftNumber) || double.IsNaN(rightNumber)))
        {
            return false;
        }

        var order = Compare(state, left, right, relation);
        return relation switch
        {
            "<" => order < 0,
            "<=" => order <= 0,
            ">" => order > 0,
            _ => order >= 0,
        };
    }

    /// <summary>The order of two values; fails for values without one.</summary>
    public static int Compare(
        RenderState state, JinjaValue left, JinjaValue right, string relation = "<", int depth = 0)
    {
        state.Step();
        if (left.IsString && right.IsString)
        {
            state.ChargeScan(left.AsString.Length);
            return string.CompareOrdinal(left.AsString, right.AsString);
        }

        if (left.TryGetInteger(out var leftInteger) && right.TryGetInteger(out var rightInteger))
        {
            return leftInteger.CompareTo(rightInteger);
        }

        if (left.TryGetNumber(out var leftNumber) && right.TryGetNumber(out var rightNumber))
        {
            return leftNumber.CompareTo(rightNumber);
        }

        if (left.IsSequence && left.Kind == right.Kind && depth <= DepthMax)
        {
            var shared = Math.Min(left.Items.Length, right.Items.Length);
            for (var i = 0; i < shared; i++)
            {
                var order = AreEqual(state, left.Items[i], right.Items[i], depth + 1)
                    ? 0
                    : Compare(state, left.Items[i], right.Items[i], relation, depth + 1);
                if (order != 0)
                {
                    return order;
                }
            }

            return left.Items.Length.CompareTo(right.Items.Length);
        }

        throw state.Fail(
            $"'{relation}' does not compare {PythonText.TypeOf(left)} with {PythonText.TypeOf(right)}");
    }

    public static bool IsIn(RenderState state, JinjaValue value, JinjaValue container)
    {
        switch (container.Kind)
        {
            case JinjaKind.Undefined:
                return false;
            case JinjaKind.String when value.IsString:
                state.ChargeSearch(container.AsString, value.AsString);
                return container.AsString.Contains(value.AsString, StringComparison.Ordinal);
            case JinjaKind.String:
                throw state.Fail($"only a string can be in a string, not {PythonText.TypeOf(value)}");
            case JinjaKind.Dict:
                DictKeys.Require(state, value);
                return container.AsDict.TryGet(value, out _);
            case JinjaKind.List or JinjaKind.Tuple:
                foreach (var item in container.Items)
                {
                    if (AreEqual(state, item, value))
                    {
                        return true;
                    }
                }

                return false;
            default:
                throw state.Fail($"nothing can be in a {PythonText.TypeOf(container)}");
        }
    }

    private static bool ItemsAreEqual(
        RenderState state, ReadOnlySpan<JinjaValue> left, ReadOnlySpan<JinjaValue> right, int depth)
    {
        if (left.Length != right.Length)
        {
            return false;
        }

        for (var i = 0; i < left.Length; i++)
        {
            if (!AreEqual(state, left[i], right[i], depth + 1))
            {
                return false;
            }
        }

        return true;
    }

    private static bool DictsAreEqual(RenderState state, JinjaDict left, JinjaDict right, int depth)
    {
        if (left.Count != right.Count)
        {
            return false;
        }

        foreach (var (key, value) in left.Entries)
        {
            if (!right.TryGet(key, out var other) || !AreEqual(state, value, other, depth + 1))
            {
                return false;
            }
        }

        return true;
    }
}
