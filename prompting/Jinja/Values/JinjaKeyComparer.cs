namespace Ollama.Platform.Prompting.Jinja.Values;

/// <summary>
/// Equality of dictionary keys as in Python, where 1, 1.0 and True are one key. Keys are scalars and shallow tuples;
/// whoever adds a key has checked that.
/// </summary>
internal sealed class JinjaKeyComparer : IEqualityComparer<JinjaValue>
{
    public static JinjaKeyComparer Instance { get; } = new();

    public bool Equals(JinjaValue x, JinjaValue y)
    {
        if (x.IsString || y.IsString)
        {
            return x.Kind == y.Kind && x.AsString == y.AsString;
        }

        if (x.TryGetInteger(out var left) && y.TryGetInteger(out var right))
        {
            return left == right;
        }

        if (x.TryGetNumber(out var leftNumber) && y.TryGetNumber(out var rightNumber))
        {
            return leftNumber == rightNumber;
        }

        if (x.Kind != JinjaKind.Tuple || y.Kind != JinjaKind.Tuple)
        {
            return x.IsSameAs(y) || (x.IsUndefined && y.IsUndefined);
        }

        return x.AsTuple.AsSpan().SequenceEqual(y.AsTuple, this);
    }

    public int GetHashCode(JinjaValue value)
    {
        if (value.IsString)
        {
            return value.AsString.GetHashCode(StringComparison.Ordinal);
        }

        if (value.TryGetInteger(out var integer))
        {
            return HashOf(integer);
        }

        if (value.Kind == JinjaKind.Float)
        {
            var number = value.AsFloat;
            return Math.Abs(number) < long.MaxValue && number == Math.Floor(number)
                ? HashOf((long)number)
                : HashOf(BitConverter.DoubleToInt64Bits(number));
        }

        if (value.Kind != JinjaKind.Tuple)
        {
            return (int)value.Kind;
        }

        var hash = default(HashCode);
        foreach (var item in value.AsTuple)
        {
            hash.Add(GetHashCode(item));
        }

        return hash.ToHashCode();
    }

    /// <summary>
    /// Hashes both halves: <c>long</c>'s own hash is their difference, with which a template could choose numbers that
    /// collide. <see cref="HashCode"/> is seeded per process.
    /// </summary>
    private static int HashOf(long bits) => HashCode.Combine((int)bits, (int)(bits >> 32));
}
