using System.Text.Json.Nodes;
using Ollama.Platform.Host.Cli.Client;
using Ollama.Platform.Host.Cli.Commands;
using Ollama.Platform.Host.Cli.Create;
using Ollama.Platform.Host.Cli.Display;
using Ollama.Platform.Prompting.Modelfiles;

namespace Ollama.Platform.Host.Cli.Chat;

/// <summary>What a person can ask of the chat itself.</summary>
internal sealed class SlashCommands(
    CommandContext context, ChatSettings settings, ChatSession session, InputHistory history)
{
    private const string Help =
        """"
        Available Commands:
          /set            Set session variables
          /show           Show model information
          /load <model>   Load a session or model
          /save <model>   Save your current session
          /clear          Clear session context
          /bye            Exit
          /?, /help       Help for a command
          /? shortcuts    Help for keyboard shortcuts

        Use """ to begin a multi-line message.

        """";

    private const string SetHelp =
        """
        Available Commands:
          /set parameter <name> <value>   Set a parameter
          /set system <string>            Set system message
          /set history | nohistory        Keep or do not keep what is typed
          /set wordwrap | nowordwrap      Wrap words at the edge
          /set format json | noformat     Ask for JSON, or for anything
          /set verbose | quiet            Show or hide statistics
          /set think [level] | nothink    Let the model think, or not

        """;

    private const string ShowHelp =
        """
        Available Commands:
          /show info         Show details for this model
          /show license      Show model license
          /show modelfile    Show Modelfile for this model
          /show parameters   Show parameters for this model
          /show system       Show system message
          /show template     Show prompt template

        """;

    private const string Shortcuts =
        """
        Available keyboard shortcuts:
          Ctrl + a            Move to the beginning of the line (Home)
          Ctrl + e            Move to the end of the line (End)
          Alt + b             Move back (left) one word
          Alt + f             Move forward (right) one word
          Ctrl + k            Delete the sentence after the cursor
          Ctrl + u            Delete the sentence before the cursor
          Ctrl + w            Delete the word before the cursor
          Ctrl + j            Begin a new line
          Ctrl + l            Clear the screen
          Ctrl + c            Stop the model from responding
          Ctrl + d            Exit (/bye)

        """;

    private static readonly string[] Names = ["set", "show", "load", "save", "clear", "bye", "exit", "help", "?"];

    /// <summary>Whether a line is meant for the chat: a path of a file is not.</summary>
    public static bool IsCommand(string line)
    {
        var word = line[1..].Split((char[])[' ', '\t'], 2)[0];
        return Names.Contains(word) || !word.Contains('/', StringComparison.Ordinal);
    }

    /// <summary>Carries out a line that begins with a slash.</summary>
    /// <param name="line">The line.</param>
    /// <param name="readText">Reads a text that may go over several lines.</param>
    /// <param name="cancellationToken">Ends a call to the server.</param>
    /// <returns>False when the chat is over.</returns>
    public async Task<bool> RunAsync(string line, Func<string, string?> readText, CancellationToken cancellationToken)
    {
        var words = line[1..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        switch (words)
        {
            case ["bye" or "exit", ..]: return false;
            case ["clear", ..]:
                session.Begin([]);
                await context.Out.WriteLineAsync("Cleared session context");
                break;
            case ["set", "system", ..]:
                SetSystem(readText(line[(line.IndexOf("system", StringComparison.Ordinal) + 6)..].TrimStart()));
                break;
            case ["set", .. var rest]: await SetAsync(rest); break;
            case ["show", var part]: await ShowAsync(part, cancellationToken); break;
            case ["show", ..]: await context.Out.WriteAsync(ShowHelp); break;
            case ["load", var model]: await LoadAsync(model, cancellationToken); break;
            case ["save", var model]: await SaveAsync(model, cancellationToken); break;
            case ["load", ..]: await context.Out.WriteLineAsync("Usage:\n  /load <modelname>"); break;
            case ["save", ..]: await context.Out.WriteLineAsync("Usage:\n  /save <modelname>"); break;
            case ["help" or "?", "set" or "/set", ..]: await context.Out.WriteAsync(SetHelp); break;
            case ["help" or "?", "show" or "/show", ..]: await context.Out.WriteAsync(ShowHelp); break;
            case ["help" or "?", "shortcut" or "shortcuts", ..]: await context.Out.WriteAsync(Shortcuts); break;
            case ["help" or "?", ..]: await context.Out.WriteAsync(Help); break;
            default:
                await context.Out.WriteLineAsync($"Unknown command '/{words.FirstOrDefault()}'. Type /? for help");
                break;
        }

        return true;
    }

    private async Task SetAsync(string[] words)
    {
        var said = words switch
        {
            ["history"] => Do(() => history.Enabled = true, "History is kept."),
            ["nohistory"] => Do(() => history.Enabled = false, "History is not kept."),
            ["wordwrap"] => Do(() => settings.WordWrap = true, "Set 'wordwrap' mode."),
            ["nowordwrap"] => Do(() => settings.WordWrap = false, "Set 'nowordwrap' mode."),
            ["verbose"] => Do(() => settings.Verbose = true, "Set 'verbose' mode."),
            ["quiet"] => Do(() => settings.Verbose = false, "Set 'quiet' mode."),
            ["format", "json"] => Do(() => settings.Format = JsonValue.Create("json"), "Set format to 'json' mode."),
            ["format", ..] => "Invalid or missing format. For 'json' mode use '/set format json'",
            ["noformat"] => Do(() => settings.Format = null, "Disabled format."),
            ["think"] => Do(() => settings.Think = JsonValue.Create(true), "Set 'think' mode."),
            ["think", var level] => Do(
                () => settings.Think = ChatSettings.ReadThink(level), $"Set 'think' mode to '{level}'."),
            ["nothink"] => Do(() => settings.Think = JsonValue.Create(false), "Set 'nothink' mode."),
            ["parameter", var name, .. { Length: > 0 } values] => SetParameter(name, string.Join(' ', values)),
            ["parameter", ..] => "Usage: /set parameter <name> <value>",
            _ => SetHelp.TrimEnd(),
        };
        await context.Out.WriteLineAsync(said);
    }

    private static string Do(Action change, string said)
    {
        change();
        return said;
    }

    private string SetParameter(string name, string value)
    {
        try
        {
            var command = new ModelfileCommand("parameter", name, value);
            foreach (var (key, read) in ModelfileTranslation.ReadParameters([command]))
            {
                settings.Options[key] = read?.DeepClone();
            }

            return $"Set parameter '{name}' to '{value}'";
        }
        catch (ModelfileException failure)
        {
            throw new CommandException(failure.Message);
        }
    }

    private void SetSystem(string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            context.Out.WriteLine("Usage: /set system <message>");
            return;
        }

        settings.System = text.Trim('"');
        context.Out.WriteLine("Set system message.");
    }

    private async Task ShowAsync(string part, CancellationToken cancellationToken)
    {
        // As the chat is set: its Modelfile makes a model that answers as this one does now.
        var body = new JsonObject { ["model"] = settings.Model, ["options"] = settings.Options.DeepClone() };
        if (settings.System is { } system)
        {
            body["system"] = system;
        }

        var reply = await context.Server.PostAsync("api/show", body, cancellationToken);
        switch (part)
        {
            case "info":
                await ShowCommand.WriteOverviewAsync(context.Out, reply, verbose: false);
                break;
            case "parameters":
                await WriteAsync(Reply.Text(reply, part), "No parameters were specified for this model.");
                foreach (var (name, value) in settings.Options)
                {
                    await context.Out.WriteLineAsync($"User defined: {name} {value?.ToJsonString()}");
                }

                break;
            case "system":
                await WriteAsync(
                    settings.System ?? Reply.Text(reply, part), "No system message was specified for this model.");
                break;
            case "license" or "modelfile" or "template":
                await WriteAsync(Reply.Text(reply, part), $"No {part} was specified for this model.");
                break;
            default:
                await context.Out.WriteAsync(ShowHelp);
                break;
        }
    }

    private Task WriteAsync(string text, string otherwise) =>
        context.Out.WriteLineAsync(text.Length > 0 ? text : otherwise);

    private async Task LoadAsync(string model, CancellationToken cancellationToken)
    {
        var reply = await context.Server.PostAsync(
            "api/show", new JsonObject { ["model"] = model }, cancellationToken);
        settings.Model = model;
        settings.System = null;
        settings.ClearOptions();
        session.Take(reply);
        await context.Out.WriteLineAsync($"Loaded '{model}'");
    }

    private async Task SaveAsync(string model, CancellationToken cancellationToken)
    {
        var body = new JsonObject
        {
            ["model"] = model,
            ["from"] = settings.Model,
            ["messages"] = session.Messages.DeepClone(),
        };
        if (settings.System is { } system)
        {
            body["system"] = system;
        }

        if (settings.Options.Count > 0)
        {
            body["parameters"] = settings.Options.DeepClone();
        }

        await new TransferDisplay(context).ShowAsync(
            context.Server.StreamAsync("api/create", body, cancellationToken));
        await context.Out.WriteLineAsync($"Created new model '{model}'");
    }
}
