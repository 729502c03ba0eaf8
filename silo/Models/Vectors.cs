namespace Ollama.Platform.Silo.Models;

/// <summary>Arithmetic on embeddings. Pure.</summary>
internal static class Vectors
{
    // Keeps a zero vector from becoming NaN.
    private const double NormMin = 1e-12;

    /// <summary>Whether every component is a number.</summary>
    public static bool IsFinite(ReadOnlySpan<float> vector)
    {
        foreach (var component in vector)
        {
            if (!float.IsFinite(component))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>
    /// Scales to length 1, then cuts to the first components and scales again where fewer are asked for.
    /// </summary>
    public static float[] Shape(float[] vector, int? dimensionCount, bool normalized)
    {
        var shaped = normalized ? Normalize(vector) : vector;
        if (dimensionCount is not { } count || count <= 0 || count >= shaped.Length)
        {
            return shaped;
        }

        return normalized ? Normalize(shaped[..count]) : shaped[..count];
    }

    private static float[] Normalize(float[] vector)
    {
        var squares = 0.0;
        foreach (var component in vector)
        {
            squares += (double)component * component;
        }

        var norm = Math.Max(Math.Sqrt(squares), NormMin);
        return Array.ConvertAll(vector, component => (float)(component / norm));
    }
}
