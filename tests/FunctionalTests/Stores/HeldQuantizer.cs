using Ollama.Platform.Inference.Engine;

namespace Ollama.Platform.FunctionalTests.Stores;

/// <summary>The real quantizer, which stands still after its first tensor until it is canceled.</summary>
internal sealed class HeldQuantizer(IWeightsQuantizer real) : IWeightsQuantizer
{
    private readonly TaskCompletionSource _standing = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _tensorCount;

    /// <summary>It stands.</summary>
    public Task Standing => _standing.Task.WaitAsync(TestContext.Current.CancellationToken);

    /// <summary>The first work has ended.</summary>
    public Task Ended => _ended.Task.WaitAsync(TestContext.Current.CancellationToken);

    /// <summary>The tensors that were told of so far.</summary>
    public int TensorCount => Volatile.Read(ref _tensorCount);

    public async Task QuantizeAsync(
        string sourcePath, string targetPath, string fileType, Action<long>? progress,
        CancellationToken cancellationToken)
    {
        try
        {
            await real.QuantizeAsync(sourcePath, targetPath, fileType, Advance, cancellationToken);
        }
        finally
        {
            _ended.TrySetResult();
        }

        void Advance(long done)
        {
            Interlocked.Increment(ref _tensorCount);
            progress?.Invoke(done);
            if (_standing.TrySetResult())
            {
                cancellationToken.WaitHandle.WaitOne(TimeSpan.FromMinutes(1));
            }
        }
    }
}
