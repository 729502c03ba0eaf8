namespace Ollama.Platform.Api.Routing;

/// <summary>A request that is being answered. Its token ends with the client, or when somebody cancels it.</summary>
internal sealed class RunningRequest : IDisposable
{
    // Has neither a timer nor a handle to wait on, so that nothing is lost by leaving it to the collector; disposing it
    // would race with whoever cancels just now.
    private readonly CancellationTokenSource _source = new();
    private readonly CancellationTokenRegistration _leaving;
    private readonly Action<RunningRequest> _leave;
    private volatile bool _canceled;

    /// <summary>Begins with the client's own token.</summary>
    /// <param name="id">What the request is called.</param>
    /// <param name="leave">Takes the request from the list of those that run.</param>
    /// <param name="clientLeft">Ends when the client does.</param>
    public RunningRequest(string id, Action<RunningRequest> leave, CancellationToken clientLeft)
    {
        (Id, _leave) = (id, leave);
        _leaving = clientLeft.UnsafeRegister(
            static source => ((CancellationTokenSource)source!).Cancel(), _source);
    }

    /// <summary>What the request is called.</summary>
    public string Id { get; }

    /// <summary>Ends the work on the request.</summary>
    public CancellationToken Token => _source.Token;

    /// <summary>Somebody canceled it by its id.</summary>
    public bool IsCanceled => _canceled;

    /// <summary>Ends the work on the request; the client still waits.</summary>
    public Task CancelAsync()
    {
        _canceled = true;
        return _source.CancelAsync();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _leaving.Dispose();
        _leave(this);
    }
}
