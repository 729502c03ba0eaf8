using System.Collections;
using Ollama.Platform.Host.Cli;
using Ollama.Platform.Host.Cli.Commands;

if (args is [RunnerCommand.Name, var address])
{
    // Started by a server, once for each model that it loads: nothing else of the command line is needed.
    return await RunnerCommand.RunAsync(address);
}

var environment = Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
    .ToDictionary(entry => (string)entry.Key, entry => (string)(entry.Value ?? ""));
using var context = Terminal.NewContext(environment);
return await CommandLine.RunAsync(args, context, CancellationToken.None);
