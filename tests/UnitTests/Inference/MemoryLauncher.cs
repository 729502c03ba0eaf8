using Ollama.Platform.Inference.Runner.Child;

namespace Ollama.Platform.UnitTests.Inference;

/// <summary>Starts runners' programs as tasks of this process, connected by memory.</summary>
internal sealed class MemoryLauncher(Func<Stream, Task> program) : IRunnerLauncher
{
    private int _disposedCount;

    public int DisposedCount => Volatile.Read(ref _disposedCount);

    public Task<IRunnerProcess> StartAsync(CancellationToken cancellationToken)
    {
        var (owner, runner) = MemoryStreams.CreatePair();
        var running = Task.Run(() => program(runner), CancellationToken.None);
        return Task.FromResult<IRunnerProcess>(new MemoryProcess(this, owner, running));
    }

    private sealed class MemoryProcess(MemoryLauncher launcher, Stream stream, Task program) : IRunnerProcess
    {
        public Stream Stream => stream;

        public int Id => 1;

        public void Kill() => stream.Dispose();

        public ValueTask<string?> DescribeEndAsync() => ValueTask.FromResult<string?>("signal: killed");

        public async ValueTask DisposeAsync()
        {
            Kill();
            try
            {
                await program.WaitAsync(TestContext.Current.CancellationToken);
            }
            catch (IOException)
            {
                // It was still writing to an owner that has closed the connection, of which a process ends.
            }

            Interlocked.Increment(ref launcher._disposedCount);
        }
    }
}
