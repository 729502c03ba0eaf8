using Ollama.Platform.Inference.Engine;

namespace Ollama.Platform.Inference.Runner;

/// <summary>Makes runners and tells what hardware they would use.</summary>
public interface IRunnerLoader
{
    /// <summary>Version of the native library.</summary>
    string Version { get; }

    /// <summary>CPU and GPUs with the memory that is free now.</summary>
    IReadOnlyList<DeviceDescription> ListDevices();

    /// <summary>Loads a model; seconds for a large one.</summary>
    /// <param name="specification">What to load.</param>
    /// <param name="progress">Receives 0–1 while the weights are read, on any thread.</param>
    /// <param name="cancellationToken">Gives up; nothing is left behind.</param>
    /// <exception cref="Ollama.Platform.Contracts.Errors.ModelException">The load failed.</exception>
    Task<IModelRunner> LoadAsync(
        LoadSpecification specification, IProgress<float>? progress, CancellationToken cancellationToken);
}
