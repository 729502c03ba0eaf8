using System.Reflection;
using Microsoft.Extensions.Logging;
using Ollama.Platform.Contracts.Errors;
using Ollama.Platform.Inference.Engine;

namespace Ollama.Platform.Inference.Runner.Child;

/// <summary>
/// Loads each model in a process of its own. Nothing of the model is in this process, so that its memory goes back to
/// the system with the other one; giving up a load ends that process, whatever it is doing.
/// </summary>
internal sealed partial class ChildRunnerLoader(
    IRunnerLauncher launcher, IEngineLoader engines, RunnerOptions options, TimeProvider time,
    ILogger<ChildRunnerLoader> logger)
    : IRunnerLoader
{
    /// <summary>What both ends must agree on: they are one program, started from the same files.</summary>
    public static string Build { get; } =
        typeof(ChildRunnerLoader).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()
            ?.InformationalVersion
        + " " + typeof(ChildRunnerLoader).Module.ModuleVersionId;

    /// <inheritdoc/>
    public string Version => engines.Version;

    /// <inheritdoc/>
    public IReadOnlyList<DeviceDescription> ListDevices() => engines.ListDevices();

    /// <inheritdoc/>
    public async Task<IModelRunner> LoadAsync(
        LoadSpecification specification, IProgress<float>? progress, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var process = await launcher.StartAsync(cancellationToken);
        var pipe = new LoggingPipe(new StreamPipe(process.Stream), process.Id, logger);
        try
        {
            // Once the process is gone its end of the pipe is closed, and the load below ends.
            await using var registration = cancellationToken.Register(process.Kill);
            var description = await LoadAsync(process, pipe, specification, progress, cancellationToken);
            cancellationToken.ThrowIfCancellationRequested();
            description = description with { LoadDuration = time.GetElapsedTime(started) };
            Log.Loaded(logger, process.Id, specification.WeightsPath, description.LoadDuration);
            var runner = new PipeRunner(pipe, description, process, options.StepTimeMax, time);
            _ = runner.ReceiveAsync();
            return runner;
        }
        catch
        {
            await pipe.DisposeAsync();
            await process.DisposeAsync();
            throw;
        }
    }

    private async Task<RunnerDescription> LoadAsync(
        IRunnerProcess process, LoggingPipe pipe, LoadSpecification specification, IProgress<float>? progress,
        CancellationToken cancellationToken)
    {
        try
        {
            await pipe.WriteAsync(new HelloFrame(Build, options.LibraryPath, LowestLevel()), cancellationToken);
            await pipe.WriteAsync(new LoadFrame(specification), cancellationToken);
            while (await pipe.ReadAsync(CancellationToken.None) is { } frame)
            {
                switch (frame)
                {
                    case HelloFrame hello when hello.Build == Build:
                        break;
                    case ProgressFrame step:
                        progress?.Report(step.Fraction);
                        break;
                    case LoadedFrame loaded:
                        return loaded.Description;
                    case RefusedFrame refused:
                        throw new ModelException(refused.Refusal);
                    default:
                        throw new RunnerProtocolException("The runner is of another build of this program.");
                }
            }
        }
        catch (RunnerProtocolException failure)
        {
            throw new ModelException(new Refusal(ModelErrorCode.LoadFailed, null, failure.Message), failure);
        }

        cancellationToken.ThrowIfCancellationRequested();
        throw new ModelException(
            new Refusal(ModelErrorCode.LoadFailed, null, await RunnerProcess.DescribeFailedLoadAsync(process)));
    }

    private LogLevel LowestLevel()
    {
        var level = LogLevel.Trace;
        while (level < LogLevel.None && !logger.IsEnabled(level))
        {
            level++;
        }

        return level;
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "Process {ProcessId} has loaded {Path} in {Elapsed}.")]
        public static partial void Loaded(ILogger logger, int processId, string path, TimeSpan elapsed);
    }
}
