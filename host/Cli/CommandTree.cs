using System.CommandLine;
using System.Text.Json.Nodes;
using Ollama.Platform.Host.Cli.Chat;
using Ollama.Platform.Host.Cli.Commands;
using Ollama.Platform.Host.Cli.Create;

namespace Ollama.Platform.Host.Cli;

/// <summary>Names, arguments and options of every command, as Ollama has them.</summary>
internal static class CommandTree
{
    /// <summary>Builds the tree; nothing runs before it is invoked.</summary>
    public static Command Build(CommandContext context)
    {
        // Not a root command, which would be named after the file that holds the program.
        var root = new Command(
            "ollama-platform", "Serves language models over Ollama's API, and talks to a server that does.")
        {
            Serve(context), Run(context), Create(context), Show(context), List(context), Processes(context),
            Transfer(
                "pull", "Download a model from a registry", "pull qwen3:0.6b", context, TransferCommands.PullAsync),
            Transfer(
                "push", "Upload a model to a registry", "push registry.example/team/mine", context,
                TransferCommands.PushAsync),
            Copy(context), Remove(context), Stop(context), Check(context),
        };
        root.SetAction((_, cancellationToken) => ServeCommand.RunAsync(context, cancellationToken));
        root.Options.Add(new VersionOption("--version", "-v") { Action = new CommandHelp.Version() });
        CommandHelp.AddExamples(root, "serve", "run tiny-chat", "list");
        return root;
    }

    private static Command Serve(CommandContext context)
    {
        var command = new Command("serve", "Run the server (the default)") { Aliases = { "start" } };
        command.SetAction((_, cancellationToken) => ServeCommand.RunAsync(context, cancellationToken));
        return CommandHelp.AddExamples(
            command, "serve", "serve    (with OLLAMA_HOST=127.0.0.1:8080 in the environment)");
    }

    private static Command Run(CommandContext context)
    {
        var model = Model();
        var prompt = new Argument<string[]>("prompt") { Description = "What to ask; none begins a chat" };
        var keepAlive = new Option<string?>("--keepalive") { Description = "How long the model stays loaded (5m)" };
        var verbose = new Option<bool>("--verbose") { Description = "Print durations and rates" };
        var insecure = Insecure();
        var noWordWrap = new Option<bool>("--nowordwrap") { Description = "Do not wrap words at the edge" };
        var format = new Option<string?>("--format") { Description = "Answer format: json, or a JSON schema" };
        var think = new Option<string?>("--think") { Description = "Thinking: true, false, low, medium, high, max" };
        var hideThinking = new Option<bool>("--hidethinking") { Description = "Do not show thinking" };
        var truncate = new Option<bool?>("--truncate") { Description = "Embedding: cut what is too long (true)" };
        var dimensions = new Option<int?>("--dimensions") { Description = "Embedding: length of the vector" };
        var command = new Command("run", "Run a model: a chat, or one answer")
        {
            model, prompt, keepAlive, verbose, insecure, noWordWrap, format, think, hideThinking, truncate, dimensions,
        };
        command.SetAction((parsed, cancellationToken) =>
        {
            var settings = new ChatSettings
            {
                Model = parsed.GetRequiredValue(model),
                KeepAlive = parsed.GetValue(keepAlive),
                Verbose = parsed.GetValue(verbose),
                WordWrap = !parsed.GetValue(noWordWrap),
                Format = RunCommand.ReadFormat(parsed.GetValue(format)),
                Think = ChatSettings.ReadThink(parsed.GetValue(think)),
                ThinkingHidden = parsed.GetValue(hideThinking),
            };
            var embedding = new JsonObject();
            if (parsed.GetValue(truncate) is { } cut)
            {
                embedding["truncate"] = cut;
            }

            if (parsed.GetValue(dimensions) is { } length)
            {
                embedding["dimensions"] = length;
            }

            return RunCommand.RunAsync(
                context, settings, string.Join(' ', parsed.GetValue(prompt) ?? []), parsed.GetValue(insecure),
                embedding, new ConsoleTerminal(context, InputHistory.Load(HistoryPath(context))),
                cancellationToken);
        });
        return CommandHelp.AddExamples(
            command, "run tiny-chat", "run tiny-chat \"What is the capital of France?\"",
            "run tiny-chat \"Summarize:\" < article.txt", "run tiny-embed \"some text\"");
    }

    private static Command Create(CommandContext context)
    {
        var model = Model();
        var file = new Option<string?>("--file", "-f") { Description = "The Modelfile (./Modelfile)" };
        var quantize = new Option<string?>("--quantize", "-q") { Description = "Quantize to this type (q4_K_M)" };
        var draftQuantize = new Option<string?>("--draft-quantize") { Description = "The same for a draft model" };
        var command = new Command("create", "Create a model from a Modelfile")
        {
            model, file, quantize, draftQuantize,
        };
        command.SetAction((parsed, cancellationToken) => CreateCommand.RunAsync(
            context, parsed.GetRequiredValue(model), parsed.GetValue(file), parsed.GetValue(quantize),
            parsed.GetValue(draftQuantize), cancellationToken));
        return CommandHelp.AddExamples(
            command, "create mario -f ./Modelfile", "create small -q q4_K_M    (from the weights in this folder)");
    }

    private static Command Show(CommandContext context)
    {
        string[] parts = ["license", "modelfile", "parameters", "template", "system"];
        var model = Model();
        var options = parts.ToDictionary(
            part => part, part => new Option<bool>($"--{part}") { Description = $"Show the {part} alone" });
        var verbose = new Option<bool>("--verbose", "-v") { Description = "Show metadata and tensors too" };
        var format = Format();
        var command = new Command("show", "Describe a model") { model, verbose, format };
        foreach (var option in options.Values)
        {
            command.Add(option);
        }

        command.Validators.Add(result =>
        {
            if (options.Values.Count(option => result.GetValue(option)) > 1)
            {
                result.AddError("only one of '--license', '--modelfile', '--parameters', '--system', or '--template' "
                    + "can be specified");
            }
        });
        command.SetAction((parsed, cancellationToken) => ShowCommand.RunAsync(
            context, parsed.GetRequiredValue(model),
            parts.FirstOrDefault(part => parsed.GetValue(options[part])), parsed.GetValue(verbose),
            parsed.GetValue(format) == "json", cancellationToken));
        return CommandHelp.AddExamples(command, "show tiny-chat", "show tiny-chat --modelfile > Modelfile");
    }

    private static Command List(CommandContext context)
    {
        var prefix = new Argument<string?>("prefix")
        {
            Description = "Only names that begin with this",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var format = Format();
        var command = new Command("list", "List the models") { Aliases = { "ls" } };
        command.Add(prefix);
        command.Add(format);
        command.SetAction((parsed, cancellationToken) => ListCommand.RunAsync(
            context, parsed.GetValue(prefix), parsed.GetValue(format) == "json", cancellationToken));
        return CommandHelp.AddExamples(command, "list", "list tiny --format json");
    }

    private static Command Processes(CommandContext context)
    {
        var format = Format();
        var command = new Command("ps", "List the loaded models") { format };
        command.SetAction((parsed, cancellationToken) =>
            ProcessesCommand.RunAsync(context, parsed.GetValue(format) == "json", cancellationToken));
        return CommandHelp.AddExamples(command, "ps");
    }

    private static Command Transfer(
        string name, string description, string example, CommandContext context,
        Func<CommandContext, string, bool, CancellationToken, Task> transfer)
    {
        var model = Model();
        var insecure = Insecure();
        var command = new Command(name, description) { model, insecure };
        command.SetAction((parsed, cancellationToken) => transfer(
            context, parsed.GetRequiredValue(model), parsed.GetValue(insecure), cancellationToken));
        return CommandHelp.AddExamples(command, example);
    }

    private static Command Copy(CommandContext context)
    {
        var source = new Argument<string>("source") { Description = "The model to copy" };
        var destination = new Argument<string>("destination") { Description = "The new name" };
        var command = new Command("cp", "Copy a model") { source, destination };
        command.SetAction((parsed, cancellationToken) => ModelCommands.CopyAsync(
            context, parsed.GetRequiredValue(source), parsed.GetRequiredValue(destination), cancellationToken));
        return CommandHelp.AddExamples(command, "cp tiny-chat my-chat");
    }

    private static Command Remove(CommandContext context)
    {
        var models = new Argument<string[]>("model")
        {
            Description = "The models to remove",
            Arity = ArgumentArity.OneOrMore,
        };
        var command = new Command("rm", "Remove models") { models };
        command.SetAction((parsed, cancellationToken) => ModelCommands.RemoveAsync(
            context, parsed.GetRequiredValue(models), cancellationToken));
        return CommandHelp.AddExamples(command, "rm my-chat", "rm old-one old-two");
    }

    private static Command Stop(CommandContext context)
    {
        var model = Model();
        var command = new Command("stop", "Unload a model") { model };
        command.SetAction((parsed, cancellationToken) => ModelCommands.StopAsync(
            context, parsed.GetRequiredValue(model), cancellationToken));
        return CommandHelp.AddExamples(command, "stop tiny-chat");
    }

    private static Command Check(CommandContext context)
    {
        var command = new Command("fsck", "Check every byte of the store and report what is damaged");
        command.SetAction((_, cancellationToken) => CheckCommand.RunAsync(context, cancellationToken));
        return CommandHelp.AddExamples(command, "fsck");
    }

    private static Argument<string> Model() => new("model") { Description = "Name of the model, as model:tag" };

    private static Option<bool> Insecure() =>
        new("--insecure") { Description = "Allow a registry without TLS" };

    private static Option<string?> Format()
    {
        var option = new Option<string?>("--format") { Description = "table, or json for other programs" };
        option.AcceptOnlyFromAmong("table", "json");
        return option;
    }

    private static string? HistoryPath(CommandContext context) =>
        context.Environment.ContainsKey("OLLAMA_NOHISTORY")
        || context.Environment.GetValueOrDefault("HOME") is not { Length: > 0 } home
            ? null
            : Path.Combine(home, ".ollama", "history");
}
