using System.Globalization;

namespace Ollama.Platform.Benchmarks.Engine;

/// <summary>
/// The command that <see cref="RawProcess"/> starts: says <c>ready</c> when the model is loaded, then answers each
/// line <c>tokens prompt</c> with the number of tokens that it produced.
/// </summary>
internal static class RawCommand
{
    public const string Name = "raw";

    public static void Serve(string weightsPath, int threadCount)
    {
        using var loop = new RawLoop(weightsPath, threadCount);
        Terminal.Write("ready");
        while (Terminal.Read() is { } line)
        {
            var blank = line.IndexOf(' ', StringComparison.Ordinal);
            var tokensMax = int.Parse(line.AsSpan(0, blank), CultureInfo.InvariantCulture);
            Terminal.Write(loop.Generate(line[(blank + 1)..], tokensMax).ToString(CultureInfo.InvariantCulture));
        }
    }
}
