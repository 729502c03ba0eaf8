using System.Collections;
using Ollama.Platform.Host.Cli;

var environment = Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
    .ToDictionary(entry => (string)entry.Key, entry => (string)(entry.Value ?? ""));
using var context = Terminal.NewContext(environment);
return await CommandLine.RunAsync(args, context, CancellationToken.None);
