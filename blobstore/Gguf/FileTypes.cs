namespace Ollama.Platform.BlobStore.Gguf;

/// <summary>Names of the values of <c>general.file_type</c>, as lists of models show them.</summary>
public static class FileTypes
{
    // By llama.cpp's numbers; the gaps were removed.
    private static readonly string[] Names =
    [
        "F32", "F16", "Q4_0", "Q4_1", "", "", "", "Q8_0", "Q5_0", "Q5_1", "Q2_K", "Q3_K_S", "Q3_K_M", "Q3_K_L",
        "Q4_K_S", "Q4_K_M", "Q5_K_S", "Q5_K_M", "Q6_K", "IQ2_XXS", "IQ2_XS", "Q2_K_S", "IQ3_XS", "IQ3_XXS", "IQ1_S",
        "IQ4_NL", "IQ3_S", "IQ3_M", "IQ2_S", "IQ2_M", "IQ4_XS", "IQ1_M", "BF16", "", "", "", "TQ1_0", "TQ2_0",
        "MXFP4", "NVFP4", "Q1_0", "Q2_0",
    ];

    /// <summary>The name of the file's type; <c>unknown</c> when it says none or one that is not known.</summary>
    public static string NameOf(GgufFile file)
    {
        ArgumentNullException.ThrowIfNull(file);
        var type = file.FindInteger("general.file_type") ?? -1;
        return type >= 0 && type < Names.Length && Names[type].Length > 0 ? Names[type] : "unknown";
    }
}
