using System.IO.Enumeration;
using Ollama.Platform.Contracts.Library;

namespace Ollama.Platform.BlobStore.Manifests;

/// <summary>The names that the folders under <c>manifests</c> spell; whatever is no name is passed over.</summary>
internal static class ManifestNames
{
    private const int LevelCount = 4;

    private static readonly EnumerationOptions WithoutLinks = new()
    {
        AttributesToSkip = FileAttributes.ReparsePoint,
        IgnoreInaccessible = false,
    };

    /// <summary>
    /// The names of all files exactly four levels deep, in ordinal order. Links are not followed: they could lead
    /// out of the store or in a circle.
    /// </summary>
    public static IEnumerable<ModelName> Enumerate(string root) => Enumerate(root, [], Entries);

    /// <summary>The same names, for whoever must not miss one: a link or a closed folder ends it.</summary>
    /// <exception cref="IOException">There is a link, or the disk refused.</exception>
    /// <exception cref="UnauthorizedAccessException">A folder is closed to us.</exception>
    public static IEnumerable<ModelName> EnumerateAll(string root) =>
        Directory.Exists(root) ? Enumerate(root, [], AllEntries) : [];

    /// <summary>The manifest whose name equals this one but for case; null when there is none.</summary>
    public static ModelName? FindIgnoringCase(string root, ModelName name) =>
        Enumerate(root).FirstOrDefault(other => Same(other.Host, name.Host) && Same(other.Namespace, name.Namespace)
            && Same(other.Model, name.Model) && Same(other.Tag, name.Tag));

    /// <summary>Gives each part, on its own, the spelling that any manifest has for it.</summary>
    public static ModelName Canonicalize(string root, ModelName name)
    {
        var names = Enumerate(root).ToList();
        return new ModelName(
            Spell(names.Select(other => other.Host), name.Host),
            Spell(names.Select(other => other.Namespace), name.Namespace),
            Spell(names.Select(other => other.Model), name.Model),
            Spell(names.Select(other => other.Tag), name.Tag));
    }

    private static IEnumerable<ModelName> Enumerate(
        string folder, string[] parts, Func<string, bool, IReadOnlyList<string>> entries)
    {
        foreach (var entry in entries(folder, parts.Length == LevelCount - 1))
        {
            string[] longer = [.. parts, entry];
            if (longer.Length < LevelCount)
            {
                foreach (var name in Enumerate(Path.Combine(folder, entry), longer, entries))
                {
                    yield return name;
                }
            }
            else if (ModelName.TryParse($"{longer[0]}/{longer[1]}/{longer[2]}:{longer[3]}", out var name)
                && name.Host == longer[0] && name.Namespace == longer[1] && name.Model == longer[2]
                && name.Tag == longer[3])
            {
                yield return name;
            }
        }
    }

    /// <summary>Names in order. The kind of an entry comes with its name: nothing is asked of each file.</summary>
    private static List<string> Entries(string folder, bool files)
    {
        try
        {
            List<string> names =
            [
                .. new FileSystemEnumerable<string>(
                    folder, (ref FileSystemEntry entry) => entry.FileName.ToString(), WithoutLinks)
                {
                    ShouldIncludePredicate = (ref FileSystemEntry entry) => entry.IsDirectory != files,
                },
            ];
            names.Sort(StringComparer.Ordinal);
            return names;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // Absent, removed meanwhile or closed to us: nothing here can be a model.
            return [];
        }
    }

    private static List<string> AllEntries(string folder, bool files)
    {
        var directory = new DirectoryInfo(folder);
        IEnumerable<FileSystemInfo> entries = files ? directory.EnumerateFiles() : directory.EnumerateDirectories();
        var names = new List<string>();
        foreach (var entry in entries.OrderBy(entry => entry.Name, StringComparer.Ordinal))
        {
            names.Add(entry.Attributes.HasFlag(FileAttributes.ReparsePoint)
                ? throw new IOException($"{entry.FullName} is a link.")
                : entry.Name);
        }

        return names;
    }

    private static string Spell(IEnumerable<string> spellings, string part)
    {
        string? other = null;
        foreach (var spelling in spellings)
        {
            if (spelling == part)
            {
                return part;
            }

            other ??= Same(spelling, part) ? spelling : null;
        }

        return other ?? part;
    }

    private static bool Same(string left, string right) => left.Equals(right, StringComparison.OrdinalIgnoreCase);
}
