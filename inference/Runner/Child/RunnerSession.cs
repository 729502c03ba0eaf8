using Microsoft.Extensions.Logging;
using Ollama.Platform.Contracts.Errors;
using Ollama.Platform.Inference.Engine;
using Ollama.Platform.Inference.Scheduling;

namespace Ollama.Platform.Inference.Runner.Child;

/// <summary>
/// What a runner's process does: greet, load, serve, end. It ends with its owner: when the other end of the pipe is
/// gone it gives up whatever it does, and leaves native code behind that does not return.
/// </summary>
/// <param name="pipe">The connection to the owner; closed at the end.</param>
/// <param name="open">Opens the native library in the given folder, null for the one beside the program.</param>
/// <param name="time">Measures.</param>
/// <param name="observer">Hears what the scheduler does; in this process.</param>
internal sealed class RunnerSession(
    StreamPipe pipe, Func<string?, ILoggerFactory, IEngineLoader> open, TimeProvider time,
    ISchedulerObserver? observer = null)
{
    // How long native code may go on when the owner is gone.
    private static readonly TimeSpan AbandonTime = TimeSpan.FromSeconds(3);

    /// <summary>Works until the owner has had enough.</summary>
    /// <returns>False when the owner is none of ours.</returns>
    public async Task<bool> RunAsync()
    {
        try
        {
            if (await pipe.ReadAsync(CancellationToken.None) is not HelloFrame hello)
            {
                return false;
            }

            var greeting = new HelloFrame(ChildRunnerLoader.Build, LibraryPath: null, LogLevel.None);
            await pipe.WriteAsync(greeting, CancellationToken.None);
            if (hello.Build != ChildRunnerLoader.Build
                || await pipe.ReadAsync(CancellationToken.None) is not LoadFrame load)
            {
                return false;
            }

            await WorkAsync(hello, load.Specification);
            return true;
        }
        catch (RunnerProtocolException)
        {
            // Whoever that is, it is no owner of this build.
            return false;
        }
        finally
        {
            await pipe.DisposeAsync();
        }
    }

    private async Task WorkAsync(HelloFrame hello, LoadSpecification specification)
    {
        var outbox = new FrameOutbox(pipe);
        using var logging = new FrameLogging(outbox, hello.LogLevel);
        using var loggers = LoggerFactory.Create(builder =>
            builder.SetMinimumLevel(hello.LogLevel).AddProvider(logging));
        RunnerServer server;
        try
        {
            // Opening the library takes as long as it takes to map it; loading does not.
            var engines = open(hello.LibraryPath, loggers);
            if (await LoadAsync(engines, specification, outbox) is not { } engine)
            {
                return;
            }

            server = new RunnerServer(
                engine, specification, pipe, time, loggers.CreateLogger<RunnerServer>(), observer);
            await pipe.WriteAsync(
                new LoadedFrame(EngineLoad.Describe(engine.Description, specification, TimeSpan.Zero)),
                CancellationToken.None);
        }
        catch (Exception failure) when (failure is ModelException or EngineLoadException)
        {
            await outbox.CloseAsync();
            var refusal = (failure as ModelException)?.Refusal
                ?? new Refusal(ModelErrorCode.LoadFailed, null, failure.Message);
            await pipe.WriteAsync(new RefusedFrame(0, refusal), CancellationToken.None);
            return;
        }

        await Task.WhenAny(server.RunAsync(), AbandonedAsync());
    }

    /// <summary>Null when the owner left or no longer wants the model.</summary>
    private async Task<IEngine?> LoadAsync(
        IEngineLoader engines, LoadSpecification specification, FrameOutbox outbox)
    {
        using var unwanted = new CancellationTokenSource();
        using var loaded = new CancellationTokenSource();
        var progress = new FrameProgress(outbox);
        var load = EngineLoad.RunAsync(engines, specification, progress, unwanted.Token);
        var leaving = WhenOwnerLeavesAsync(loaded.Token);
        if (await Task.WhenAny(load, leaving) == leaving)
        {
            await unwanted.CancelAsync();
            await Task.WhenAny(load, Task.Delay(AbandonTime, time, CancellationToken.None));
            return null;
        }

        // The server reads the frames from here on.
        await loaded.CancelAsync();
        var engine = await load;
        if (!await leaving)
        {
            return engine;
        }

        engine.Dispose();
        return null;
    }

    /// <summary>Whatever an owner sends before its model is loaded, it does not want it any more.</summary>
    private async Task<bool> WhenOwnerLeavesAsync(CancellationToken loaded)
    {
        try
        {
            await pipe.ReadAsync(loaded);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private async Task AbandonedAsync()
    {
        await pipe.Closed;
        await Task.Delay(AbandonTime, time, CancellationToken.None);
    }

    private sealed class FrameProgress(FrameOutbox outbox) : IProgress<float>
    {
        public void Report(float value) => outbox.Add(new ProgressFrame(value));
    }
}
