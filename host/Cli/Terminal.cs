using System.Diagnostics.CodeAnalysis;

namespace Ollama.Platform.Host.Cli;

/// <summary>The only place that writes to the terminal.</summary>
[SuppressMessage("ApiDesign", "RS0030", Justification = "A command-line program answers on the terminal.")]
internal static class Terminal
{
    public const string Usage =
        """
        Serves language models over Ollama's API.

        Usage:
          ollama-platform [serve]     run the server (the default)
          ollama-platform fsck        check every byte of the store and report what is damaged
          ollama-platform --version   print the version
          ollama-platform --help      print this text

        Settings are environment variables; docs/operations/settings.md lists them. The most used:
          OLLAMA_HOST          address to listen on (127.0.0.1:11434)
          OLLAMA_MODELS        folder of the models (~/.ollama/models)
          OLLAMA_KEEP_ALIVE    how long an idle model stays loaded (5m)

        Examples:
          OLLAMA_HOST=0.0.0.0:8080 ollama-platform serve
          curl http://127.0.0.1:11434/api/tags
        """;

    public static void Write(string line) => Console.Out.WriteLine(line);

    public static void WriteError(string line) => Console.Error.WriteLine(line);
}
