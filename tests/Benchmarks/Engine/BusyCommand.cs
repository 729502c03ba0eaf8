namespace Ollama.Platform.Benchmarks.Engine;

/// <summary>A process that computes until it is ended: what a neighbour on a shared machine looks like.</summary>
internal static class BusyCommand
{
    public const string Name = "busy";

    /// <summary>Starts one.</summary>
    public static ChildProcess Start() => ChildProcess.Start("Ollama.Platform.Benchmarks.dll", [Name]);

    /// <summary>Computes.</summary>
    public static void Run()
    {
        var state = 1UL;
        while (state != 0)
        {
            state = (state * 6364136223846793005) + 1;
        }
    }
}
