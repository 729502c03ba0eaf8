using System.Text.RegularExpressions;

namespace Ollama.Platform.Host.Cli.Create;

/// <summary>Finds the files that a <c>FROM</c> or <c>ADAPTER</c> of a Modelfile means.</summary>
internal static partial class SourceFiles
{
    private static readonly string[] WeightPatterns = ["*.safetensors", "*.gguf", "pytorch_model*.bin", "*.bin"];
    private static readonly string[] DescriptionPatterns = ["*.json", "chat_template.jinja", "tokenizer.model"];

    /// <summary>Turns a path of a Modelfile into a full one; <c>~</c> is the home folder.</summary>
    public static string Resolve(string folder, string path, string home)
    {
        var expanded = path == "~" ? home
            : path.StartsWith("~/", StringComparison.Ordinal) ? Path.Combine(home, path[2..])
            : path;
        return Path.GetFullPath(Path.Combine(folder, expanded));
    }

    /// <summary>
    /// The files of a path, by the relative names under which the server gets to know them: the file itself, with the
    /// other parts of a split one; or the first kind of weights in a folder with what describes them.
    /// </summary>
    /// <exception cref="CommandException">A folder holds no weights.</exception>
    public static IReadOnlyDictionary<string, string> Collect(string path)
    {
        if (File.Exists(path))
        {
            return PartsOf(path).ToDictionary(part => Path.GetFileName(part), part => part);
        }

        var weights = WeightPatterns.Select(pattern => Find(path, pattern)).FirstOrDefault(found => found.Count > 0)
            ?? throw new CommandException($"no .safetensors or .gguf files in {path}");

        // Models that make vectors of texts say in a folder of their own how (1_Pooling/config.json).
        var nested = Directory.EnumerateDirectories(path).SelectMany(folder => Find(folder, "*.json"));
        var files = weights.Concat(DescriptionPatterns.SelectMany(pattern => Find(path, pattern))).Concat(nested)
            .Distinct(StringComparer.Ordinal)
            .Order(StringComparer.Ordinal);
        // The server tells the kind of a source by its first file: weights go first.
        return weights.Order(StringComparer.Ordinal).Concat(files).Distinct(StringComparer.Ordinal)
            .ToDictionary(file => Path.GetRelativePath(path, file).Replace('\\', '/'), file => file);
    }

    // Engines take the first part for the whole file, and people name it alone.
    private static List<string> PartsOf(string path) =>
        PartName().Match(Path.GetFileName(path)) is { Success: true } name
        ? [.. Find(Path.GetDirectoryName(path)!, "*.gguf")
            .Where(other => PartName().Match(Path.GetFileName(other)) is { Success: true } part
                && part.Groups["model"].Value == name.Groups["model"].Value
                && part.Groups["count"].Value == name.Groups["count"].Value)
            .Order(StringComparer.Ordinal)]
        : [path];

    [GeneratedRegex("^(?<model>.+)-[0-9]{5}-of-(?<count>[0-9]{5})\\.gguf$", RegexOptions.ExplicitCapture)]
    private static partial Regex PartName();

    private static List<string> Find(string folder, string pattern) =>
        [.. Directory.EnumerateFiles(folder, pattern, new EnumerationOptions { RecurseSubdirectories = false })];
}
