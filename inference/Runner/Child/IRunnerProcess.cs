namespace Ollama.Platform.Inference.Runner.Child;

/// <summary>A process that carries one runner. Disposing waits until it is gone.</summary>
internal interface IRunnerProcess : IRunnerCarrier
{
    /// <summary>The connection to the process; both ways.</summary>
    Stream Stream { get; }

    /// <summary>Names the process in logs.</summary>
    int Id { get; }
}
