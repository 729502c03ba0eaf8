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
}
