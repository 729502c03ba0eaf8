using Ollama.Platform.Inference.Engine;

namespace Ollama.Platform.UnitTests.Inference;

/// <summary>Loads scripted engines, or fails as it is told.</summary>
public sealed class ScriptedEngineLoader(
    Func<LoadSpecification, IProgress<float>?, CancellationToken, IEngine> load) : IEngineLoader
{
    public ScriptedEngineLoader(ScriptedEngineOptions? options = null)
        : this(_ => new ScriptedEngine(options))
    {
    }

    public ScriptedEngineLoader(Func<LoadSpecification, IEngine> load)
        : this((specification, _, _) => load(specification))
    {
    }

    public string Version => "scripted 1.0";

    public IReadOnlyList<DeviceDescription> ListDevices() =>
        [new DeviceDescription("CPU", "scripted", IsGpu: false, FreeBytes: 1L << 34, TotalBytes: 1L << 34)];

    public IEngine Load(
        LoadSpecification specification, IProgress<float>? progress, CancellationToken cancellationToken) =>
        load(specification, progress, cancellationToken);
}
