using Ollama.Platform.Inference.Engine;

namespace Ollama.Platform.FunctionalTests.Hosting;

/// <summary>The real engine loader behind a gate: counts the loads and holds them while the gate is closed.</summary>
internal sealed class LoadGate(IEngineLoader real) : IEngineLoader, IDisposable
{
    private readonly ManualResetEventSlim _open = new(initialState: true);
    private readonly TaskCompletionSource _entered = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private string? _failure;
    private int _count;

    /// <summary>Loads begun.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>A load has begun, and stands at the gate when that is closed.</summary>
    public Task Entered => _entered.Task.WaitAsync(TestContext.Current.CancellationToken);

    public string Version => real.Version;

    public IReadOnlyList<DeviceDescription> ListDevices() => real.ListDevices();

    public IEngine Load(
        LoadSpecification specification, IProgress<float>? progress, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _count);
        if (!_open.IsSet)
        {
            _entered.TrySetResult();
            _open.Wait(cancellationToken);
        }

        if (Interlocked.Exchange(ref _failure, null) is { } failure)
        {
            throw new EngineLoadException(failure);
        }

        return real.Load(specification, progress, cancellationToken);
    }

    /// <summary>Makes the next load fail with this message.</summary>
    public void FailNext(string message) => _failure = message;

    public void Close() => _open.Reset();

    public void ReleaseAll() => _open.Set();

    public void Dispose() => _open.Dispose();
}
