namespace Ollama.Platform.Benchmarks.Models;

/// <summary>A tensor to be written.</summary>
internal sealed record TensorPlan(string Name, long[] Dimensions, TensorFill Fill)
{
    public long ElementCount => Dimensions.Aggregate(1L, (product, dimension) => product * dimension);

    public long ByteCount => ElementCount * (Fill == TensorFill.NormalHalves ? 2 : 4);
}

/// <summary>What a tensor is filled with, and in which precision.</summary>
internal enum TensorFill
{
    /// <summary>Normal weights in half precision, as matrices have them.</summary>
    NormalHalves,

    /// <summary>Normal weights in single precision, as biases have them.</summary>
    NormalSingles,

    /// <summary>Ones in single precision, as norms have about.</summary>
    Ones,
}
