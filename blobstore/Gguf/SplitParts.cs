using System.Globalization;
using System.Text.RegularExpressions;

namespace Ollama.Platform.BlobStore.Gguf;

/// <summary>One file of a model that was split into several.</summary>
/// <param name="Name">Its name, <c>anything-00001-of-00003.gguf</c>.</param>
/// <param name="Path">Where it lies.</param>
/// <param name="File">Its checked header.</param>
public sealed record SplitPart(string Name, string Path, GgufFile File);

/// <summary>Puts the parts of split models in order.</summary>
public static partial class SplitParts
{
    private const string CountKey = "split.count";
    private const string NumberKey = "split.no";
    private const string TensorCountKey = "split.tensors.count";

    /// <summary>Whether a file is only a part of a model.</summary>
    public static bool IsPart(GgufFile file)
    {
        ArgumentNullException.ThrowIfNull(file);
        return file.FindInteger(CountKey) > 1;
    }

    /// <summary>The parts in their order, once all are there and agree with each other and with their names.</summary>
    /// <exception cref="GgufException">They do not.</exception>
    public static IReadOnlyList<SplitPart> Order(IReadOnlyList<SplitPart> parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        var ordered = parts.OrderBy(part => part.File.FindInteger(NumberKey) ?? -1).ToList();
        string? prefix = null;
        for (var index = 0; index < ordered.Count; index++)
        {
            var part = ordered[index];
            var match = PartName().Match(part.Name);
            if (!match.Success)
            {
                throw new GgufException(
                    $"The file '{part.Name}' is part of a split model; its name must end in -00001-of-00002.gguf.");
            }

            prefix ??= match.Groups[1].Value;
            if (part.File.FindInteger(CountKey) != ordered.Count || Number(match, 3) != ordered.Count
                || part.File.FindInteger(NumberKey) != index || Number(match, 2) != index + 1
                || match.Groups[1].Value != prefix)
            {
                throw new GgufException(
                    $"The file '{part.Name}' says that it is part {part.File.FindInteger(NumberKey) + 1} of "
                    + $"{part.File.FindInteger(CountKey)}; it was sent as part {index + 1} of {ordered.Count}.");
            }
        }

        var tensorCount = ordered.Sum(part => part.File.Tensors.Count);
        return ordered[0].File.FindInteger(TensorCountKey) is not { } announced || announced == tensorCount
            ? ordered
            : throw new GgufException(
                $"The parts hold {tensorCount} tensors; the first says that they are {announced}.");
    }

    private static int Number(Match match, int group) =>
        int.Parse(match.Groups[group].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^(.*)-([0-9]{5})-of-([0-9]{5})\.gguf$", RegexOptions.CultureInvariant)]
    private static partial Regex PartName();
}
