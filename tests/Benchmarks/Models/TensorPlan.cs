namespace Ollama.Platform.Benchmarks.Models;

/// <summary>A tensor to be written.</summary>
internal sealed record TensorPlan(string Name, long[] Dimensions, TensorFill Fill)
{
    public long ElementCount => Dimensions.Aggregate(1L, (product, dimension) => product * dimension);

    public long ByteCount => Fill switch
    {
        TensorFill.NormalHalves => ElementCount * 2,
        TensorFill.FourBitBlocks => ElementCount / BlockTable.BlockLength * BlockTable.FourBitBytes,
        TensorFill.SixBitBlocks => ElementCount / BlockTable.BlockLength * BlockTable.SixBitBytes,
        _ => ElementCount * 4,
    };
}

/// <summary>What a tensor is filled with, and in which precision.</summary>
internal enum TensorFill
{
    /// <summary>Normal weights in half precision, as matrices have them.</summary>
    NormalHalves,

    /// <summary>Normal weights in single precision, as biases have them.</summary>
    NormalSingles,

    /// <summary>Quantized weights of 4 bits, as most matrices of a Q4_K_M model have them.</summary>
    FourBitBlocks,

    /// <summary>Quantized weights of 6 bits, as its more sensitive matrices have them.</summary>
    SixBitBlocks,

    /// <summary>Ones in single precision, as norms have about.</summary>
    Ones,
}
