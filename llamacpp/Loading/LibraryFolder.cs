namespace Ollama.Platform.LlamaCpp.Loading;

/// <summary>
/// Where the files are: either one folder with everything, or, as the build lays it out, a folder <c>cpu</c> with the
/// library and its CPU modules and one folder for each GPU variant beside it.
/// </summary>
/// <param name="Root">The folder that was named.</param>
/// <param name="Core">The folder that holds libllama.</param>
/// <param name="LibraryPath">The file libllama.</param>
internal sealed record LibraryFolder(string Root, string Core, string LibraryPath)
{
    private const string CpuVariant = "cpu";

    /// <summary>Finds the library.</summary>
    /// <param name="named">A folder that the user named; null for the one beside the program.</param>
    /// <exception cref="LlamaLibraryException">There is no library; the message says where it was looked
    /// for.</exception>
    public static LibraryFolder Find(string? named)
    {
        var root = Path.GetFullPath(named ?? Path.Combine(AppContext.BaseDirectory, "native"));
        if (!Directory.Exists(root))
        {
            throw new LlamaLibraryException(
                $"The native library's folder {root} does not exist" + (named is null ? "; was it built?" : "."));
        }

        foreach (var core in (string[])[root, Path.Combine(root, CpuVariant)])
        {
            if (Directory.Exists(core) && FindLibrary(core) is { } library)
            {
                return new LibraryFolder(root, core, library);
            }
        }

        throw new LlamaLibraryException(
            $"No libllama*.so in {root}, nor in its folder {CpuVariant}; "
            + "llama.cpp's shared libraries are needed there.");
    }

    /// <summary>
    /// The module of a GPU variant, in the variant's folder or beside libllama; null when it is not installed.
    /// </summary>
    public string? FindModule(string variant, string file)
    {
        string[] candidates = [Path.Combine(Root, variant, file), Path.Combine(Core, file)];
        return candidates.FirstOrDefault(File.Exists);
    }

    // The version is part of the name: libllama.v0.5.0.so. libllama-common is another library.
    private static string? FindLibrary(string folder) =>
        Directory.EnumerateFiles(folder, "libllama*.so")
            .Where(path => !Path.GetFileName(path).StartsWith("libllama-", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .FirstOrDefault();
}
