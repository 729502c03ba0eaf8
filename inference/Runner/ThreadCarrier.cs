using Microsoft.Extensions.Logging;

namespace Ollama.Platform.Inference.Runner;

/// <summary>
/// A runner on a thread of this process. Nobody can end a thread that native code does not return from: such a runner
/// is cut off, so that nobody waits for it, and its memory is lost until the process ends.
/// </summary>
/// <param name="pipe">The owner's end.</param>
/// <param name="serving">Completes when the runner has ended and its engine is disposed.</param>
/// <param name="time">Measures how long that takes.</param>
/// <param name="logger">Hears of a runner that could not be ended.</param>
internal sealed partial class ThreadCarrier(IRunnerPipe pipe, Task serving, TimeProvider time, ILogger logger)
    : IRunnerCarrier
{
    /// <inheritdoc/>
    /// <remarks>The runner sees the end of its pipe, and the running step is aborted where that is possible.</remarks>
    public void Kill() => _ = pipe.DisposeAsync().AsTask();

    /// <inheritdoc/>
    public ValueTask<string?> DescribeEndAsync() => ValueTask.FromResult<string?>(null);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        using var ended = new CancellationTokenSource();
        await Task.WhenAny(serving, Task.Delay(RunnerLimits.UnloadTimeMax, time, ended.Token));
        await ended.CancelAsync();
        if (!serving.IsCompleted)
        {
            Log.Stuck(logger);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Critical,
            "Native code does not return; its memory is lost until this process ends. Runners in processes of their "
            + "own (OLLAMA_RUNNER=process) do not have this limit.")]
        public static partial void Stuck(ILogger logger);
    }
}
