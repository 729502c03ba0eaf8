using System.Diagnostics.CodeAnalysis;

namespace Ollama.Platform.Host.Cli;

/// <summary>The terminal or the files that the program was started on.</summary>
[SuppressMessage("ApiDesign", "RS0030", Justification = "A command-line program answers on the terminal.")]
internal static class Terminal
{
    public static TextWriter Out => Console.Out;

    public static TextWriter Error => Console.Error;

    /// <summary>The context of a client command on the real streams.</summary>
    public static CommandContext NewContext(IReadOnlyDictionary<string, string> environment) => new()
    {
        In = Console.In,
        Out = Console.Out,
        Error = Console.Error,
        IsInputTerminal = !Console.IsInputRedirected,
        IsOutputTerminal = !Console.IsOutputRedirected,
        IsErrorTerminal = !Console.IsErrorRedirected,
        Environment = environment,
        Interrupts = new Interrupts(),
    };
}
