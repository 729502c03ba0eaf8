using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Ollama.Platform.Host.Cli.Display;
using Ollama.Platform.Prompting.Modelfiles;

namespace Ollama.Platform.Host.Cli.Create;

/// <summary>Makes a model from a Modelfile: uploads what the server does not hold, then asks it to create.</summary>
internal static class CreateCommand
{
    private const string DefaultFile = "Modelfile";
    private const long ModelfileBytesMax = 16 * 1024 * 1024;

    /// <summary>Creates a model.</summary>
    /// <param name="context">Streams and server.</param>
    /// <param name="model">The name of the new model.</param>
    /// <param name="file">The Modelfile; null for the one in the current folder, or for the folder itself.</param>
    /// <param name="quantize">The type to quantize to; null to keep the source's.</param>
    /// <param name="draftQuantize">The same for the draft model.</param>
    /// <param name="cancellationToken">Ends the upload or the creation.</param>
    public static async Task RunAsync(
        CommandContext context, string model, string? file, string? quantize, string? draftQuantize,
        CancellationToken cancellationToken)
    {
        CreateRequest request;
        try
        {
            request = Read(context, file);
        }
        catch (ModelfileException failure)
        {
            throw new CommandException(failure.Message);
        }

        request.Body["model"] = model;
        Set(request.Body, "quantize", quantize);
        Set(request.Body, "draft_quantize", draftQuantize);
        await new TransferDisplay(context).ShowAsync(StepsAsync(context, request, cancellationToken));
    }

    private static async IAsyncEnumerable<JsonObject> StepsAsync(
        CommandContext context, CreateRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var (field, files) in request.Files)
        {
            var digests = new JsonObject();
            foreach (var (name, path) in files)
            {
                var upload = new Upload(context, path);
                await foreach (var step in upload.RunAsync(cancellationToken))
                {
                    yield return step;
                }

                digests[name] = upload.Digest;
            }

            request.Body[field] = digests;
        }

        await foreach (var step in context.Server.StreamAsync("api/create", request.Body, cancellationToken))
        {
            yield return step;
        }
    }

    private static CreateRequest Read(CommandContext context, string? file)
    {
        var path = Path.GetFullPath(file ?? DefaultFile);
        var folder = Path.GetDirectoryName(path) ?? path;
        var home = context.Environment.GetValueOrDefault("HOME") ?? folder;
        IReadOnlyList<ModelfileCommand> commands;
        if (file is null && !File.Exists(path))
        {
            // A folder with weights and no Modelfile says enough.
            commands = [new ModelfileCommand("from", ".")];
        }
        else
        {
            var length = new FileInfo(path) is { Exists: true } found
                ? found.Length
                : throw new CommandException($"no Modelfile at {path}");
            commands = length <= ModelfileBytesMax
                ? ModelfileParser.Parse(File.ReadAllBytes(path))
                : throw new CommandException($"{path} is too long for a Modelfile");
        }

        return ModelfileTranslation.Translate(
            commands, folder, home, warning => context.Error.WriteLine($"Warning: {warning}"));
    }

    private static void Set(JsonObject body, string name, string? value)
    {
        if (value is not null)
        {
            body[name] = value;
        }
    }
}
