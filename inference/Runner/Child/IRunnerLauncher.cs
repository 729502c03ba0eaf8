using Ollama.Platform.Contracts.Errors;

namespace Ollama.Platform.Inference.Runner.Child;

/// <summary>Starts processes for runners.</summary>
internal interface IRunnerLauncher
{
    /// <summary>Starts a process and waits until it has connected.</summary>
    /// <exception cref="ModelException">It did not start, or ended before it connected.</exception>
    Task<IRunnerProcess> StartAsync(CancellationToken cancellationToken);
}
