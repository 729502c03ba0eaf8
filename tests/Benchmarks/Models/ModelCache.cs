using Ollama.Platform.LlamaCpp;

namespace Ollama.Platform.Benchmarks.Models;

/// <summary>
/// Stores with the models to measure, outside the repository, so that they are made once on a machine. Each has a
/// folder of its own: a host lists nothing but the model that it is measured with.
/// </summary>
internal static class ModelCache
{
    /// <summary>Drawn into every model; another seed or another writer needs another folder.</summary>
    private const int Seed = 2026;

    private const int Generation = 1;

    /// <summary>The store of a generated model.</summary>
    public static Task<BenchmarkStore> OpenAsync(ModelVariant variant, CancellationToken cancellationToken) =>
        BenchmarkStore.OpenAsync(
            FolderOf(variant.Name.Replace(':', '-')), variant.Name, path => Generate(variant, path), cancellationToken);

    /// <summary>The store of a model that ships with the product.</summary>
    public static Task<BenchmarkStore> OpenShippedAsync(string name, CancellationToken cancellationToken) =>
        BenchmarkStore.OpenAsync(
            FolderOf(name),
            name,
            path => File.Copy(Path.Combine(AppContext.BaseDirectory, "models", name + ".gguf"), path, overwrite: true),
            cancellationToken);

    private static string FolderOf(string name) =>
        Path.Combine(CacheFolder(), "ollama-platform", "benchmarks", $"{name}-{Generation}");

    private static string CacheFolder()
    {
        var environment = Environment.GetEnvironmentVariables();
        return environment["XDG_CACHE_HOME"] is string { Length: > 0 } cache ? cache
            : environment["HOME"] is string { Length: > 0 } home ? Path.Combine(home, ".cache")
            : Path.GetTempPath();
    }

    private static void Generate(ModelVariant variant, string path)
    {
        Terminal.Tell($"Making {variant.Name}, once on this machine.");
        if (variant == ModelVariant.Large)
        {
            RandomModel.WriteQuantized(path, variant.Shape, Seed);
            return;
        }

        var unquantized = path + ".f16";
        try
        {
            if (variant.Shape.Architecture == RandomEncoder.Architecture)
            {
                RandomEncoder.Write(unquantized, variant.Shape, Seed);
            }
            else
            {
                RandomModel.Write(unquantized, variant.Shape, Seed);
            }

            LlamaQuantizer.Quantize(
                LlamaLibrary.Open(folder: null), unquantized, path, (LlamaFileType)variant.Type,
                Environment.ProcessorCount, progress: null, CancellationToken.None);
        }
        finally
        {
            File.Delete(unquantized);
        }
    }
}
