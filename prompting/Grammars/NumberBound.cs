namespace Ollama.Platform.Prompting.Grammars;

/// <summary>A least or greatest number.</summary>
/// <param name="Value">The number.</param>
/// <param name="IsExclusive">The number itself is out of bounds.</param>
internal readonly record struct NumberBound(decimal Value, bool IsExclusive)
{
    /// <summary>As a lower bound: whether it lets a number through.</summary>
    public bool IsBelow(decimal number) => IsExclusive ? number > Value : number >= Value;

    /// <summary>As an upper bound: whether it lets a number through.</summary>
    public bool IsAbove(decimal number) => IsExclusive ? number < Value : number <= Value;

    /// <summary>The bound of the numbers with the other sign.</summary>
    public NumberBound Negated => this with { Value = -Value };
}
