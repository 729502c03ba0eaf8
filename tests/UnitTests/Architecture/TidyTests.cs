using System.Text.RegularExpressions;

namespace Ollama.Platform.UnitTests.Architecture;

/// <summary>Sizes and habits that a reviewer should not have to count.</summary>
public sealed partial class TidyTests
{
    private const int FileLinesMax = 400;
    private const int MethodLinesMax = 70;
    private const int LineLengthMax = 120;
    private const long FileBytesMax = 1024 * 1024;
    private const long ModelFolderBytesMax = 16 * 1024 * 1024;

    /// <summary>Files over a limit, with the reason. This list may only shrink.</summary>
    private static readonly Dictionary<string, string> Exceptions = new();

    [Fact]
    public void No_file_is_longer_than_400_lines() =>
        Offenders.None(Sources().Where(file => SourceTree.ReadLines(file).Length > FileLinesMax));

    [Fact]
    public void No_line_is_longer_than_120_characters() =>
        Offenders.None(
            from file in Sources()
            from line in SourceTree.ReadLines(file).Index()
            where line.Item.Length > LineLengthMax && !line.Item.Contains("[InlineData", StringComparison.Ordinal)
            select $"{file}:{line.Index + 1}");

    [Fact]
    public void No_method_is_longer_than_70_lines() => Offenders.None(Sources().SelectMany(LongMethods));

    [Fact]
    public void No_region_and_no_todo_without_an_issue() =>
        Offenders.None(Sources().Where(file => !file.Contains("Architecture/", StringComparison.Ordinal)
            && Untidy().IsMatch(SourceTree.ReadText(file))));

    [Fact]
    public void No_type_ends_in_a_word_that_says_nothing() =>
        Offenders.None(
            from file in Sources()
            from Match match in VagueType().Matches(SourceTree.ReadText(file))
            select $"{file}: {match.Value}");

    [Fact]
    public void No_file_is_larger_than_a_mebibyte_and_the_models_stay_small()
    {
        var sizes = SourceTree.Files.ToDictionary(
            file => file, file => new FileInfo(Path.Combine(SourceTree.Root, file)).Length);
        Offenders.None(sizes.Keys.Where(file => sizes[file] > FileBytesMax && !file.StartsWith("models/")));
        Assert.True(sizes.Where(size => size.Key.StartsWith("models/")).Sum(size => size.Value) <= ModelFolderBytesMax);
    }

    [Fact]
    public void Exceptions_name_files_that_exist() => Offenders.None(Exceptions.Keys.Except(SourceTree.Files));

    private static IEnumerable<string> Sources() => SourceTree.CSharpFiles.Where(file => !Exceptions.ContainsKey(file));

    /// <summary>
    /// Members by indentation: in formatted code a member's braces stand at one depth and close there.
    /// </summary>
    private static IEnumerable<string> LongMethods(string file)
    {
        var lines = SourceTree.ReadLines(file);
        for (var start = 0; start < lines.Length; start++)
        {
            var indent = lines[start].Length - lines[start].TrimStart().Length;
            if (lines[start].Trim() != "{" || indent == 0 || TypeHeader().IsMatch(HeaderAbove(lines, start)))
            {
                continue;
            }

            var closing = new string(' ', indent) + "}";
            var end = Array.FindIndex(lines, start, line => line.StartsWith(closing, StringComparison.Ordinal));
            if (end - start - 1 > MethodLinesMax)
            {
                yield return $"{file}:{start} ({end - start - 1} lines)";
            }
        }
    }

    private static string HeaderAbove(string[] lines, int start)
    {
        var first = start - 1;
        while (first > 0 && lines[first - 1].Trim() is { Length: > 0 } text && !";}{]".Contains(text[^1]))
        {
            first--;
        }

        return string.Join('\n', lines[first..start]);
    }

    [GeneratedRegex(@"#region|\b(TODO|FIXME|HACK|XXX)\b(?!.*#\d+)")]
    private static partial Regex Untidy();

    [GeneratedRegex(@"\b(class|record|struct|interface)\s+\w+(Manager|Helper|Util|Utils|Processor|Info|Data|Base)\b")]
    private static partial Regex VagueType();

    [GeneratedRegex(@"\b(class|record|struct|interface|enum|namespace)\s+\w+")]
    private static partial Regex TypeHeader();
}
