namespace Ollama.Platform.Benchmarks.Wire;

/// <summary>The vector that every text becomes, so that all the time is the wire's.</summary>
internal static class FixedVector
{
    public const int DimensionCount = 1024;

    public static float[] Components { get; } = NewVector();

    // Of length 1, as embeddings are: components around 0.03 have nine digits in JSON.
    private static float[] NewVector()
    {
        var random = new Random(1);
        var vector = Enumerable.Range(0, DimensionCount).Select(_ => random.NextDouble() - 0.5).ToArray();
        var length = Math.Sqrt(vector.Sum(component => component * component));
        return [.. vector.Select(component => (float)(component / length))];
    }
}
