namespace Ollama.Platform.Inference.Runner;

/// <summary>
/// One end of a duplex pipe of frames between a runner and its owner. Bounded: a full pipe makes the writer wait.
/// Any number of writers, one reader.
/// </summary>
internal interface IRunnerPipe : IAsyncDisposable
{
    /// <summary>Sends a frame; waits while the pipe is full.</summary>
    /// <returns>False when the other end is gone.</returns>
    ValueTask<bool> WriteAsync(RunnerFrame frame, CancellationToken cancellationToken);

    /// <summary>Receives a frame; null when the other end is gone.</summary>
    ValueTask<RunnerFrame?> ReadAsync(CancellationToken cancellationToken);
}
