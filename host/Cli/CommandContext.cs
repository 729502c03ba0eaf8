using Ollama.Platform.Host.Cli.Client;

namespace Ollama.Platform.Host.Cli;

/// <summary>What a client command may touch: streams, server, clock and environment; tests bring their own.</summary>
internal sealed class CommandContext : IDisposable
{
    private ServerClient? _server;

    /// <summary>Standard input.</summary>
    public required TextReader In { get; init; }

    /// <summary>Standard output: results and nothing else.</summary>
    public required TextWriter Out { get; init; }

    /// <summary>Standard error: progress, warnings and what went wrong.</summary>
    public required TextWriter Error { get; init; }

    /// <summary>A person types.</summary>
    public bool IsInputTerminal { get; init; }

    /// <summary>A person reads.</summary>
    public bool IsOutputTerminal { get; init; }

    /// <summary>Progress can be drawn on standard error.</summary>
    public bool IsErrorTerminal { get; init; }

    /// <summary>The environment variables.</summary>
    public required IReadOnlyDictionary<string, string> Environment { get; init; }

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Ctrl+C; null where the program is not a terminal's own.</summary>
    public Interrupts? Interrupts { get; init; }

    /// <summary>The server that <c>OLLAMA_HOST</c> names; connects with the first call.</summary>
    /// <exception cref="CommandException">The variable is no address.</exception>
    public ServerClient Server => _server ??= new ServerClient(
        ServerAddress.Parse(Environment.GetValueOrDefault("OLLAMA_HOST")),
        Environment.GetValueOrDefault("OLLAMA_API_KEY") is { Length: > 0 } key ? key : null);

    /// <inheritdoc/>
    public void Dispose()
    {
        _server?.Dispose();
        Interrupts?.Dispose();
    }
}
