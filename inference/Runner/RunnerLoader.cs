using Microsoft.Extensions.Logging;
using Ollama.Platform.Inference.Engine;
using Ollama.Platform.Inference.Scheduling;

namespace Ollama.Platform.Inference.Runner;

/// <summary>Loads engines into this process and puts a runner around each.</summary>
internal sealed class RunnerLoader(
    IEngineLoader engines, RunnerOptions options, TimeProvider time, ILogger<RunnerLoader> logger,
    ISchedulerObserver? observer = null)
    : IRunnerLoader
{
    /// <inheritdoc/>
    public string Version => engines.Version;

    /// <inheritdoc/>
    public IReadOnlyList<DeviceDescription> ListDevices() => engines.ListDevices();

    /// <inheritdoc/>
    public async Task<IModelRunner> LoadAsync(
        LoadSpecification specification, IProgress<float>? progress, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var engine = await EngineLoad.RunAsync(engines, specification, progress, cancellationToken);
        var (ownerEnd, runnerEnd) = InProcessPipe.CreatePair();
        var server = new RunnerServer(engine, specification, runnerEnd, time, logger, observer);
        var description = EngineLoad.Describe(engine.Description, specification, time.GetElapsedTime(started));
        var carrier = new ThreadCarrier(ownerEnd, server.RunAsync(), time, logger);
        var runner = new PipeRunner(ownerEnd, description, carrier, options.StepTimeMax, time);
        _ = runner.ReceiveAsync();
        return runner;
    }
}
