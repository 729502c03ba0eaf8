using Microsoft.Extensions.Logging;

namespace Ollama.Platform.Inference.Runner.Child;

/// <summary>An owner's end that writes the runner's log frames to the owner's log and passes on the others.</summary>
internal sealed partial class LoggingPipe(IRunnerPipe pipe, int processId, ILogger logger) : IRunnerPipe
{
    /// <inheritdoc/>
    public ValueTask<bool> WriteAsync(RunnerFrame frame, CancellationToken cancellationToken) =>
        pipe.WriteAsync(frame, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<RunnerFrame?> ReadAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var frame = await pipe.ReadAsync(cancellationToken);
            if (frame is not LogFrame log)
            {
                return frame;
            }

            Log.Line(logger, log.Level, processId, log.Text);
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => pipe.DisposeAsync();

    private static partial class Log
    {
        [LoggerMessage("{ProcessId}: {Text}")]
        public static partial void Line(ILogger logger, LogLevel level, int processId, string text);
    }
}
