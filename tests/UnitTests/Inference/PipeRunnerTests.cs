using Ollama.Platform.Contracts.Errors;
using Ollama.Platform.Inference.Runner;

namespace Ollama.Platform.UnitTests.Inference;

public sealed class PipeRunnerTests
{
    private static CancellationToken Aborted => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Whose_pipe_breaks_is_told_why_once_that_is_known()
    {
        var (pipe, carrier) = (new BrokenPipe(), new DeadCarrier());
        var description = new RunnerDescription
        {
            ContextTokens = 10,
            SlotCount = 1,
            CellCount = 10,
            EmbeddingLength = 1,
            AddsBosToken = false,
            AddsEosToken = false,
            CanShift = false,
            TotalBytes = 1,
            VramBytes = 0,
            LoadDuration = TimeSpan.Zero,
        };
        await using var runner = new PipeRunner(pipe, description, carrier, TimeSpan.Zero, TimeProvider.System);
        var receiving = runner.ReceiveAsync();
        var asking = runner.TokenizeAsync("x", specialAdded: false, specialParsed: false, Aborted);
        Assert.False(asking.IsCompleted);
        pipe.Ended.SetResult();
        var refused = await Assert.ThrowsAsync<ModelException>(() => asking);
        Assert.Equal(new Refusal(ModelErrorCode.RunnerStopped, null, "signal: killed"), refused.Refusal);
        await receiving;
    }

    /// <summary>Takes nothing any more, and has not come to its end yet.</summary>
    private sealed class BrokenPipe : IRunnerPipe
    {
        public TaskCompletionSource Ended { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public ValueTask<bool> WriteAsync(RunnerFrame frame, CancellationToken cancellationToken) =>
            ValueTask.FromResult(false);

        public async ValueTask<RunnerFrame?> ReadAsync(CancellationToken cancellationToken)
        {
            await Ended.Task.WaitAsync(cancellationToken);
            return null;
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }

    private sealed class DeadCarrier : IRunnerCarrier
    {
        public void Kill()
        {
        }

        public ValueTask<string?> DescribeEndAsync() => ValueTask.FromResult<string?>("signal: killed");

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
