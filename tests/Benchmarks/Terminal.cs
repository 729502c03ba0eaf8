using System.Diagnostics.CodeAnalysis;

namespace Ollama.Platform.Benchmarks;

/// <summary>The only place that reads from and writes to the terminal.</summary>
[SuppressMessage("ApiDesign", "RS0030", Justification = "A command-line program answers on the terminal.")]
internal static class Terminal
{
    /// <summary>Writes a result.</summary>
    public static void Write(string line)
    {
        Console.Out.WriteLine(line);
        Console.Out.Flush();
    }

    /// <summary>Writes what is no result: progress and complaints.</summary>
    public static void Tell(string line) => Console.Error.WriteLine(line);

    /// <summary>Reads a line; null at the end.</summary>
    public static string? Read() => Console.In.ReadLine();
}
