using Ollama.Platform.BlobStore.Storage;
using Ollama.Platform.Contracts.Errors;
using Ollama.Platform.Contracts.Library;
using Ollama.Platform.Contracts.Models;
using Ollama.Platform.Prompting.Modelfiles;

namespace Ollama.Platform.Silo.Library.Creation;

/// <summary>
/// Reads the Modelfile that a request carries as text. It comes from afar: <c>FROM</c> and <c>ADAPTER</c> name models,
/// digests (<c>@sha256:…</c>) and blobs of this store by their path, as <c>/api/show</c> writes them; no other file.
/// </summary>
internal static class ModelfileRequest
{
    /// <summary>The request with everything that its Modelfile says; unchanged when it has none.</summary>
    /// <exception cref="ModelException">The text is no Modelfile, or names a file of this machine.</exception>
    public static CreationRequest Expand(CreationRequest request, StorePaths paths)
    {
        if (request.Modelfile.Length == 0)
        {
            return request;
        }

        try
        {
            var commands = ModelfileParser.Parse(request.Modelfile);
            var (model, files) = Sources(commands, "from", paths);
            var (_, adapters) = Sources(commands, "adapter", paths);
            var (_, drafts) = Sources(commands, "draft", paths);
            return request with
            {
                From = request.From ?? (files.Count == 0 ? model : null),
                Files = request.Files ?? (files.Count == 0 ? null : files),
                Adapters = request.Adapters ?? (adapters.Count == 0 ? null : adapters),
                DraftFiles = request.DraftFiles.Count > 0 ? request.DraftFiles : drafts,
                Template = Or(request.Template, Last(commands, "template")),
                System = Or(request.System, Last(commands, "system")),
                Renderer = Or(request.Renderer, Last(commands, "renderer")),
                Parser = Or(request.Parser, Last(commands, "parser")),
                Requires = Or(request.Requires, ModelfileParameters.CheckVersion(Last(commands, "requires"))),
                Licenses = request.Licenses.Count > 0
                    ? request.Licenses
                    : [.. commands.Where(command => command.Name == "license").Select(command => command.Value)],
                Parameters = request.Parameters.Count > 0 ? request.Parameters : ModelfileParameters.Read(commands),
                Messages = request.Messages.Count > 0
                    ? request.Messages
                    : [.. commands.Where(command => command.Name == "message").Select(
                        command => new ChatMessage { Role = command.Key, Content = command.Value })],
            };
        }
        catch (ModelfileException failure)
        {
            throw new ModelException(new Refusal(ModelErrorCode.RequestInvalid, null, failure.Message), failure);
        }
    }

    private static (ModelName? Model, List<CreationFile> Files) Sources(
        IReadOnlyList<ModelfileCommand> commands, string instruction, StorePaths paths)
    {
        ModelName? model = null;
        var files = new List<CreationFile>();
        foreach (var value in commands.Where(command => command.Name == instruction).Select(command => command.Value))
        {
            if (Digest.TryParse(value.StartsWith('@') ? value[1..] : Path.GetFileName(value), out var digest)
                && (value.StartsWith('@') || value == paths.Blob(digest)))
            {
                files.Add(new CreationFile(Path.GetFileName(paths.Blob(digest)), digest));
            }
            else if (instruction != "from" || !ModelName.TryParse(value, out model))
            {
                throw new ModelfileException(
                    $"{instruction.ToUpperInvariant()} {value}: a Modelfile that is sent may name models and uploaded "
                    + "blobs (@sha256:…), no files");
            }
        }

        return (model, files);
    }

    private static string Last(IReadOnlyList<ModelfileCommand> commands, string instruction) =>
        commands.LastOrDefault(command => command.Name == instruction)?.Value ?? "";

    private static string Or(string first, string second) => first.Length > 0 ? first : second;
}
