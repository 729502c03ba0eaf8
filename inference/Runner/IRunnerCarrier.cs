namespace Ollama.Platform.Inference.Runner;

/// <summary>
/// What a runner lives in, as its owner holds it: a thread of this process, or a process of its own. Disposing waits
/// until nothing of the runner is left, which the owner has told or forced to end.
/// </summary>
internal interface IRunnerCarrier : IAsyncDisposable
{
    /// <summary>Ends the runner, whatever it is doing. Any thread, any number of times.</summary>
    void Kill();

    /// <summary>Why the runner ended that told no reason; null when that cannot be known.</summary>
    ValueTask<string?> DescribeEndAsync();
}
