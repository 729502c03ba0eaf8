using System.Text.Json.Nodes;
using Ollama.Platform.Prompting.Modelfiles;

namespace Ollama.Platform.Host.Cli.Create;

/// <summary>Turns the commands of a Modelfile into a create request, as Ollama's command line does.</summary>
internal static class ModelfileTranslation
{
    /// <summary>Translates; paths are relative to a folder.</summary>
    /// <param name="commands">The commands of the file.</param>
    /// <param name="folder">The folder in which the Modelfile lies.</param>
    /// <param name="home">The folder that <c>~</c> means.</param>
    /// <param name="warn">Told what is passed over.</param>
    /// <exception cref="CommandException">A file is missing.</exception>
    /// <exception cref="ModelfileException">A value is not allowed.</exception>
    public static CreateRequest Translate(
        IReadOnlyList<ModelfileCommand> commands, string folder, string home, Action<string> warn)
    {
        var request = new CreateRequest();
        var body = request.Body;
        foreach (var command in commands)
        {
            switch (command.Name)
            {
                case "from":
                    AddSource(request, SourceFiles.Resolve(folder, command.Value, home), command.Value);
                    break;
                case "adapter":
                    request.AddFolder("adapters", Collect(command, folder, home));
                    break;
                case "draft":
                    // The last one wins.
                    request.Files.Remove("draft_files");
                    request.AddFiles("draft_files", Collect(command, folder, home));
                    break;
                case "license":
                    Append(body, "license", JsonValue.Create(command.Value));
                    break;
                case "message":
                    Append(body, "messages", new JsonObject
                    {
                        ["role"] = command.Key,
                        ["content"] = command.Value,
                    });
                    break;
                case "parameter" when ModelfileParameters.Deprecated.Contains(command.Key):
                    warn($"the parameter {command.Key} has no effect any more and is passed over");
                    break;
                case "parameter":
                    // Below, all at once: some parameters have several values.
                    break;
                case "requires":
                    body["requires"] = ModelfileParameters.CheckVersion(command.Value);
                    break;
                default:
                    body[command.Name] = command.Value;
                    break;
            }
        }

        if (ReadParameters(commands) is { Count: > 0 } parameters)
        {
            body["parameters"] = parameters;
        }

        return request;
    }

    /// <summary>Gives the parameters among some commands their types, as a request wants them.</summary>
    /// <exception cref="ModelfileException">A parameter is not known or has the wrong type.</exception>
    public static JsonObject ReadParameters(IReadOnlyList<ModelfileCommand> commands) =>
        new(ModelfileParameters.Read(commands).Select(parameter =>
            KeyValuePair.Create(parameter.Key, JsonNode.Parse(parameter.Value.GetRawText()))));

    private static void AddSource(CreateRequest request, string path, string value)
    {
        if (File.Exists(path) || Directory.Exists(path))
        {
            request.AddFiles("files", SourceFiles.Collect(path));
        }
        else
        {
            request.Body["from"] = value;
        }
    }

    private static IReadOnlyDictionary<string, string> Collect(ModelfileCommand command, string folder, string home)
    {
        var path = SourceFiles.Resolve(folder, command.Value, home);
        return File.Exists(path) || Directory.Exists(path)
            ? SourceFiles.Collect(path)
            : throw new CommandException($"no such file or folder: {command.Value}");
    }

    private static void Append(JsonObject body, string name, JsonNode item)
    {
        body[name] ??= new JsonArray();
        ((JsonArray)body[name]!).Add(item);
    }
}
