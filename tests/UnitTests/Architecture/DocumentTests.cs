using System.Text.RegularExpressions;

namespace Ollama.Platform.UnitTests.Architecture;

/// <summary>What the documents name exists.</summary>
public sealed partial class DocumentTests
{
    public static TheoryData<string> Documents =>
        [.. SourceTree.Files.Where(file => file.EndsWith(".md", StringComparison.Ordinal))];

    [Theory]
    [MemberData(nameof(Documents))]
    public void Every_link_of_a_document_leads_somewhere(string document)
    {
        var folder = Path.GetDirectoryName(Path.Combine(SourceTree.Root, document))!;
        Offenders.None(
            from Match match in Link().Matches(SourceTree.ReadText(document))
            let target = match.Groups[1].Value
            where !target.Contains("://", StringComparison.Ordinal)
            where !Path.Exists(Path.Combine(folder, target))
            select $"{document}: {target}");
    }

    [Fact]
    public void Every_path_that_the_architecture_page_names_exists()
    {
        var names = Path_().Matches(SourceTree.ReadText("docs/architecture.md")).Select(match => match.Groups[1].Value);
        Offenders.None(names
            .Select(name => Path.Combine(SourceTree.Root, name))
            .Where(path => !Path.Exists(path) && !Path.Exists(path + ".cs")));
    }

    [Fact]
    public void Every_type_in_the_code_column_of_the_glossary_exists()
    {
        var code = string.Join('\n', SourceTree.CSharpFiles.Select(SourceTree.ReadText));
        var names =
            from line in SourceTree.ReadLines("docs/glossary.md")
            let cells = line.Split('|')
            where cells.Length > 4
            from Match match in TypeName().Matches(cells[3])
            select match.Groups[1].Value;
        Offenders.None(names.Where(name => !Regex.IsMatch(code, $@"\b{name}\b")));
    }

    [GeneratedRegex(@"\]\(([^)#\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(
        @"`((?:api|silo|prompting|inference|llamacpp|blobstore|host|contracts|tests|eng|docs|models)/[\w./-]*)`")]
    private static partial Regex Path_();

    [GeneratedRegex(@"`([A-Z]\w+)[^`]*`")]
    private static partial Regex TypeName();
}
