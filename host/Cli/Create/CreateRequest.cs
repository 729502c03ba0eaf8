using System.Globalization;
using System.Text.Json.Nodes;

namespace Ollama.Platform.Host.Cli.Create;

/// <summary>
/// What a Modelfile asks for: the fields of a create request, and the files that are uploaded before.
/// </summary>
internal sealed class CreateRequest
{
    /// <summary>The body of <c>/api/create</c>, without the digests of files.</summary>
    public JsonObject Body { get; } = [];

    /// <summary>Files by the field of the body that names them, then by relative name: full paths.</summary>
    public Dictionary<string, Dictionary<string, string>> Files { get; } = [];

    /// <summary>Adds files to a field; a later file of the same name replaces an earlier one.</summary>
    public void AddFiles(string field, IReadOnlyDictionary<string, string> files)
    {
        if (!Files.TryGetValue(field, out var known))
        {
            Files[field] = known = [];
        }

        foreach (var (name, path) in files)
        {
            known[name] = path;
        }
    }

    /// <summary>
    /// Adds files to a field that are not to be mixed with those before them: from the second time on they get a folder
    /// of their own.
    /// </summary>
    public void AddFolder(string field, IReadOnlyDictionary<string, string> files)
    {
        var number = Files.GetValueOrDefault(field)?.Keys.Select(NumberOf).Max() + 1 ?? 1;
        AddFiles(field, number == 1
            ? files
            : files.ToDictionary(
                file => string.Create(CultureInfo.InvariantCulture, $"{number}/{file.Key}"), file => file.Value));
    }

    private static int NumberOf(string name) =>
        name.IndexOf('/', StringComparison.Ordinal) is var slash and > 0
            && int.TryParse(name.AsSpan(0, slash), CultureInfo.InvariantCulture, out var number)
            ? number
            : 1;
}
