using Microsoft.Extensions.Logging;
using Ollama.Platform.Contracts.Errors;
using Ollama.Platform.Inference.Engine;
using Ollama.Platform.Inference.Scheduling;

namespace Ollama.Platform.Inference.Runner;

/// <summary>Loads engines into this process and puts a runner around each.</summary>
internal sealed class RunnerLoader(
    IEngineLoader engines, TimeProvider time, ILogger<RunnerLoader> logger, ISchedulerObserver? observer = null)
    : IRunnerLoader
{
    /// <inheritdoc/>
    public string Version => engines.Version;

    /// <inheritdoc/>
    public IReadOnlyList<DeviceDescription> ListDevices() => engines.ListDevices();

    /// <inheritdoc/>
    public async Task<IModelRunner> LoadAsync(LoadSpecification specification, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var engine = await LoadEngineAsync(specification, cancellationToken);
        if (cancellationToken.IsCancellationRequested)
        {
            // Nobody is left who would unload it.
            engine.Dispose();
            cancellationToken.ThrowIfCancellationRequested();
        }

        var (ownerEnd, runnerEnd) = InProcessPipe.CreatePair();
        var server = new RunnerServer(engine, specification, runnerEnd, time, logger, observer);
        var description = Describe(engine.Description, specification, time.GetElapsedTime(started));
        var serving = server.RunAsync();
        var runner = new PipeRunner(ownerEnd, description, () => new ValueTask(serving));
        _ = runner.ReceiveAsync();
        return runner;
    }

    // Loading blocks for seconds in native code, which would starve the thread pool.
    private Task<IEngine> LoadEngineAsync(LoadSpecification specification, CancellationToken cancellationToken)
    {
        var loaded = new TaskCompletionSource<IEngine>(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(() =>
        {
            try
            {
                loaded.SetResult(engines.Load(specification, progress: null, cancellationToken));
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                loaded.SetCanceled(cancellationToken);
            }
            catch (Exception exception)
            {
                loaded.SetException(new ModelException(
                    new Refusal(ModelErrorCode.LoadFailed, Model: null, exception.Message), exception));
            }
        })
        {
            IsBackground = true,
            Name = "load",
        };
        thread.Start();
        return loaded.Task;
    }

    private static RunnerDescription Describe(
        EngineDescription engine, LoadSpecification specification, TimeSpan loadDuration)
    {
        var limits = RunnerServer.LimitsOf(engine, specification);
        return new RunnerDescription
        {
            ContextTokens = limits.ContextTokens,
            SlotCount = limits.SlotCount,
            EmbeddingLength = engine.EmbeddingLength,
            AddsBosToken = engine.AddsBosToken,
            AddsEosToken = engine.AddsEosToken,
            CanShift = engine.CanShift && engine.CanCut,
            TotalBytes = engine.TotalBytes,
            VramBytes = engine.VramBytes,
            LoadDuration = loadDuration,
        };
    }
}
