namespace Ollama.Platform.Api.Responses;

/// <summary>
/// The responses of which the disk does not know yet what has become of them. Each stands here once, and none that was
/// let go before the disk had it, so that there are no more than are kept or lie on the disk. Any thread adds, one
/// takes.
/// </summary>
internal sealed class ResponseChanges
{
    private readonly Lock _turn = new();
    private readonly LinkedList<StoredResponse> _order = [];
    private readonly Dictionary<StoredResponse, LinkedListNode<StoredResponse>> _noted = [];
    private TaskCompletionSource? _grown;
    private bool _ended;

    /// <summary>Something has become of a response.</summary>
    public void Add(StoredResponse response)
    {
        lock (_turn)
        {
            if (!_noted.ContainsKey(response))
            {
                _noted[response] = _order.AddLast(response);
                Wake();
            }
        }
    }

    /// <summary>A response is kept no more: the disk must forget it, or never hears of it.</summary>
    public void Drop(StoredResponse response)
    {
        if (response.IsOnDisk)
        {
            Add(response);
            return;
        }

        lock (_turn)
        {
            if (_noted.Remove(response, out var node))
            {
                _order.Remove(node);
            }
        }
    }

    /// <summary>Nothing more will come.</summary>
    public void End()
    {
        lock (_turn)
        {
            _ended = true;
            Wake();
        }
    }

    /// <summary>Takes the next response, as soon as there is one; null when there will be none.</summary>
    public async ValueTask<StoredResponse?> TakeAsync()
    {
        while (true)
        {
            Task grown;
            lock (_turn)
            {
                if (_order.First is { } first)
                {
                    _order.RemoveFirst();
                    _noted.Remove(first.Value);
                    return first.Value;
                }

                if (_ended)
                {
                    return null;
                }

                _grown ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                grown = _grown.Task;
            }

            await grown;
        }
    }

    private void Wake()
    {
        _grown?.TrySetResult();
        _grown = null;
    }
}
