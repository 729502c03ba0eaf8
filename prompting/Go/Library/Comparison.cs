using Ollama.Platform.Prompting.Go.Values;

namespace Ollama.Platform.Prompting.Go.Library;

/// <summary>Compares values of one basic type; values of different types cannot be compared.</summary>
internal static class Comparison
{
    private const string Incompatible = "incompatible types for comparison";

    /// <summary>Whether the first value equals any of the others.</summary>
    public static bool AnyEqual(GoCall call, GoValue[] arguments)
    {
        if (arguments.Length == 1)
        {
            throw call.Fail("missing argument for comparison");
        }

        return arguments.Skip(1).Any(other => AreEqual(call, arguments[0], other));
    }

    public static bool AreEqual(GoCall call, GoValue first, GoValue second)
    {
        switch (first, second)
        {
            case (GoBool left, GoBool right):
                return left.Value == right.Value;
            case (GoInteger left, GoInteger right):
                return left.Value == right.Value;
            case (GoFloat left, GoFloat right):
                return left.Value == right.Value;
            case (GoString left, GoString right):
                call.State.ChargeScan(left.Value.Length);
                return left.Value == right.Value;
            case (GoNil, _) or (_, GoNil):
                return IsNil(first) && IsNil(second);
        }

        if (IsBasic(first) || IsBasic(second))
        {
            throw call.Fail(Incompatible);
        }

        // Collections are compared with nothing but nil.
        throw call.Fail($"non-comparable types {first.TypeName}, {second.TypeName}");
    }

    /// <summary>The order of two values; null when a number among them is not one.</summary>
    public static int? Order(GoCall call, GoValue[] arguments)
    {
        switch (arguments[0], arguments[1])
        {
            case (GoInteger left, GoInteger right):
                return left.Value.CompareTo(right.Value);
            case (GoFloat left, GoFloat right):
                return double.IsNaN(left.Value) || double.IsNaN(right.Value) ? null : left.Value.CompareTo(right.Value);
            case (GoString left, GoString right):
                call.State.ChargeScan(left.Value.Length);
                return string.CompareOrdinal(left.Value, right.Value);
            case (GoBool, GoBool):
                throw call.Fail("invalid type for comparison");
        }

        throw call.Fail(IsBasic(arguments[0]) && IsBasic(arguments[1]) ? Incompatible : "invalid type for comparison");
    }

    private static bool IsNil(GoValue value) => value is GoNil or GoList { IsNil: true };

    private static bool IsBasic(GoValue value) => value is GoBool or GoInteger or GoFloat or GoString;
}
