using System.Collections;
using Ollama.Platform.Host;
using Ollama.Platform.Host.Cli;

var arguments = Arguments.Parse(args);
switch (arguments.Command)
{
    case CliCommand.Runner:
        return await RunnerCommand.RunAsync(arguments.Address!);
    case CliCommand.Version:
        Terminal.Write($"ollama-platform {ServerHost.Version}");
        return ExitCode.Success;
    case CliCommand.Help:
        Terminal.Write(Terminal.Usage);
        return ExitCode.Success;
    case CliCommand.Refuse:
        Terminal.WriteError(arguments.Complaint!);
        return ExitCode.UsageError;
    default:
        return await ServeCommand.RunAsync(
            Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
                .ToDictionary(entry => (string)entry.Key, entry => (string)(entry.Value ?? "")));
}
