using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Ollama.Platform.UnitTests.Architecture;

/// <summary>The table of docs/architecture.md; changing it is a decision and gets a note in docs/decisions.</summary>
public sealed partial class DependencyDirectionTests
{
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["contracts"] = [],
        ["llamacpp"] = [],
        ["prompting"] = ["contracts"],
        ["blobstore"] = ["contracts"],
        ["inference"] = ["contracts", "llamacpp"],
        ["api"] = ["contracts"],
        ["silo"] = ["contracts", "blobstore", "prompting", "inference"],
        ["silo/Orleans"] = ["silo", "eng/OrleansContract"],
        ["eng/OrleansContract"] = [],
        ["eng/StartupProfile"] = [],
        ["host"] = ["contracts", "llamacpp", "prompting", "blobstore", "inference", "api", "silo", "silo/Orleans"],
    };

    public static TheoryData<string> Projects => [.. Allowed.Keys];

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_project_references_only_what_the_table_allows(string project)
    {
        var file = Path.Combine(SourceTree.Root, project, Path.GetFileName(project) + ".csproj");
        var references = XDocument.Load(file).Descendants("ProjectReference")
            .Select(reference => (string)reference.Attribute("Include")!)
            .Select(path => Path.GetFullPath(Path.Combine(SourceTree.Root, project, path)))
            .Select(path => Path.GetRelativePath(SourceTree.Root, Path.GetDirectoryName(path)!));
        Offenders.None(references.Except(Allowed[project]));
    }

    [Fact]
    public void Every_project_is_in_the_table() =>
        Offenders.None(SourceTree.Files
            .Where(file => file.EndsWith(".csproj", StringComparison.Ordinal) && !file.StartsWith("tests/"))
            .Select(file => Path.GetDirectoryName(file)!)
            .Except(Allowed.Keys));

    [Theory]
    [InlineData(
        @"\busing Orleans\b|\bOrleans\.(Grain|Runtime|Hosting|Concurrency)\b",
        "silo/Orleans/|eng/OrleansContract/|host/")]
    [InlineData(@"\bOllama\.Platform\.LlamaCpp\b", "llamacpp/|inference/Engine/")]
    [InlineData(@"\bHttpClient\b|\bIHttpClientFactory\b", "blobstore/Registry/|blobstore/Peers/|host/Cli/")]
    [InlineData(@"\busing OpenTelemetry\b", "host/")]
    [InlineData(@"\bLibraryImport\b|\bunsafe\b(?!-)", "llamacpp/Interop/")]
    [InlineData(
        @"\bSystem\.IO\.File\b|\bFile\.(Open|Read|Write|Create)|\bFileStream\b",
        "blobstore/|silo/Records/|silo/Library/|inference/Engine/|llamacpp/|host/|eng/StartupProfile/")]
    [InlineData(@"\bMicrosoft\.AspNetCore\b", "api/|host/")]
    public void A_name_appears_only_where_it_belongs(string pattern, string folders)
    {
        var homes = folders.Split('|');
        var offenders = SourceTree.CSharpFiles
            .Where(file => !file.StartsWith("tests/"))
            .Where(file => !homes.Any(home => file.StartsWith(home, StringComparison.Ordinal)))
            .Where(file => Regex.IsMatch(Code(file), pattern));
        Offenders.None(offenders);
    }

    /// <summary>The file without its comments, in which any name may appear.</summary>
    private static string Code(string file) => Comment().Replace(SourceTree.ReadText(file), "");

    [GeneratedRegex(@"//[^\n]*")]
    private static partial Regex Comment();
}
