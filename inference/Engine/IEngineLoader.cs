namespace Ollama.Platform.Inference.Engine;

/// <summary>Makes engines, and tells on what hardware they would run.</summary>
public interface IEngineLoader
{
    /// <summary>Version of the native library, e.g. <c>llama.cpp 0.5.0-dev (ggml 0.25.1)</c>.</summary>
    string Version { get; }

    /// <summary>CPU and GPUs with the memory that is free now.</summary>
    IReadOnlyList<DeviceDescription> ListDevices();

    /// <summary>Loads weights and makes the context; blocks for seconds, on a thread of the caller's.</summary>
    /// <param name="specification">What to load.</param>
    /// <param name="progress">Receives 0–1 while the weights are read.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <exception cref="EngineLoadException">The native library refused; the message has its last error
    /// line.</exception>
    IEngine Load(LoadSpecification specification, IProgress<float>? progress, CancellationToken cancellationToken);
}

/// <summary>A native load failed.</summary>
public sealed class EngineLoadException(string message, Exception? cause = null) : Exception(message, cause)
{
    /// <summary>Memory did not suffice: a smaller load may succeed.</summary>
    public bool IsOutOfMemory { get; init; }
}
