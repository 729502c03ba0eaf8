using System.Threading.Channels;
using Ollama.Platform.Contracts.Errors;
using Ollama.Platform.Inference.Engine;
using Ollama.Platform.Inference.Runner;

namespace Ollama.Platform.UnitTests.Silo;

/// <summary>Loads scripted runners, and tells tests what was loaded and submitted.</summary>
internal sealed class ScriptedRunnerLoader : IRunnerLoader
{
    private readonly Channel<ScriptedSequence> _submitted = Channel.CreateBounded<ScriptedSequence>(1000);
    private readonly Channel<LoadSpecification> _begun = Channel.CreateBounded<LoadSpecification>(1000);
    private readonly Channel<ScriptedRunner> _loaded = Channel.CreateBounded<ScriptedRunner>(1000);
    private int _loadCount;

    public string Version => "scripted";

    /// <summary>What loads wait for; complete unless a test sets it.</summary>
    public Task Gate { get; set; } = Task.CompletedTask;

    /// <summary>What loads of adapters wait for; complete unless a test sets it.</summary>
    public Task AdapterGate { get; set; } = Task.CompletedTask;

    /// <summary>Paths of adapters that do not fit.</summary>
    public HashSet<string> BadAdapters { get; } = [];

    /// <summary>Why draft models cannot be used; null when they can.</summary>
    public string? DraftRefusal { get; set; }

    public Func<int[], float[]> Embed { get; set; } = _ => [3f, 4f];

    public IReadOnlyList<DeviceDescription> Devices { get; set; } =
        [new DeviceDescription("CPU", "scripted", IsGpu: false, 1L << 30, 1L << 30)];

    /// <summary>The runner that was loaded last.</summary>
    public ScriptedRunner? LastRunner { get; private set; }

    public int LoadCount => Volatile.Read(ref _loadCount);

    public IReadOnlyList<DeviceDescription> ListDevices() => Devices;

    /// <summary>Slots that there is memory for.</summary>
    public int SlotCountMax { get; set; } = int.MaxValue;

    /// <summary>Hears of the progress of the load that began last.</summary>
    public IProgress<float>? Progress { get; private set; }

    public async Task<IModelRunner> LoadAsync(
        LoadSpecification specification, IProgress<float>? progress, CancellationToken cancellationToken)
    {
        Progress = progress;
        Interlocked.Increment(ref _loadCount);
        await _begun.Writer.WriteAsync(specification, CancellationToken.None);
        await Gate.WaitAsync(cancellationToken);
        if (specification.SlotCount > SlotCountMax)
        {
            throw new ModelException(ModelErrorCode.MemoryExceeded, null, "failed to allocate");
        }

        var runner = new ScriptedRunner(specification, this);
        LastRunner = runner;
        await _loaded.Writer.WriteAsync(runner, CancellationToken.None);
        return runner;
    }

    public ValueTask SubmitAsync(ScriptedSequence sequence) => _submitted.Writer.WriteAsync(sequence);

    /// <summary>The next sequence that reached a runner.</summary>
    public Task<ScriptedSequence> NextSequenceAsync() =>
        _submitted.Reader.ReadAsync().AsTask().ExpectAsync("a sequence reaches the runner");

    public ValueTask<ScriptedSequence> TakeSequenceAsync(CancellationToken cancellationToken) =>
        _submitted.Reader.ReadAsync(cancellationToken);

    /// <summary>The next load that began.</summary>
    public Task<LoadSpecification> NextLoadAsync() => _begun.Reader.ReadAsync().AsTask().ExpectAsync("a load begins");

    /// <summary>The next runner that was loaded.</summary>
    public Task<ScriptedRunner> NextRunnerAsync() => _loaded.Reader.ReadAsync().AsTask().ExpectAsync("a load ends");

    public bool HasSequence => _submitted.Reader.Count > 0;
}
