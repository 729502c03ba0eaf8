using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Ollama.Platform.UnitTests.Architecture;

/// <summary>The repository as the architecture tests read it: files under version control, as text.</summary>
internal static class SourceTree
{
    private static readonly Lazy<IReadOnlyList<string>> LazyFiles = new(ListFiles);

    /// <summary>The repository's root folder.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>Paths of all files, relative to the root, with forward slashes; build output left out.</summary>
    public static IReadOnlyList<string> Files => LazyFiles.Value;

    /// <summary>The product's and the tests' own C# files.</summary>
    public static IEnumerable<string> CSharpFiles =>
        Files.Where(file => file.EndsWith(".cs", StringComparison.Ordinal));

    public static string ReadText(string file) => File.ReadAllText(Path.Combine(Root, file));

    public static string[] ReadLines(string file) => File.ReadAllLines(Path.Combine(Root, file));

    private static string FindRoot([CallerFilePath] string here = "")
    {
        for (var folder = Path.GetDirectoryName(here); folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, "Ollama.Platform.sln")))
            {
                return folder;
            }
        }

        throw new UnreachableException("The solution file lies above no test source.");
    }

    private static List<string> ListFiles()
    {
        var files = new List<string>();
        var folders = new Stack<string>([Root]);
        while (folders.TryPop(out var folder))
        {
            files.AddRange(Directory.EnumerateFiles(folder).Select(file => Path.GetRelativePath(Root, file)));
            foreach (var child in Directory.EnumerateDirectories(folder))
            {
                if (Path.GetFileName(child) is not ("artifacts" or "node_modules" or ".git" or "bin" or "obj" or ".vs"))
                {
                    folders.Push(child);
                }
            }
        }

        files.Sort(StringComparer.Ordinal);
        return files;
    }
}
