using System.Diagnostics.CodeAnalysis;

namespace Ollama.Platform.StartupProfile;

/// <summary>The only place that writes to the terminal.</summary>
[SuppressMessage("ApiDesign", "RS0030", Justification = "A command-line program answers on the terminal.")]
internal static class Terminal
{
    /// <summary>Writes a line.</summary>
    public static void Write(string line) => Console.Out.WriteLine(line);
}
