namespace Ollama.Platform.Api.Responses;

/// <summary>
/// The events of one response as they are sent, for readers that come later or again. One writer, any number of
/// readers. What is too much is dropped, the oldest first; a slow reader holds up nobody.
/// </summary>
internal sealed class ResponseEvents
{
    // Gaps at the beginning are closed from time to time, not for every event.
    private const int GapMax = 1024;

    private readonly Lock _turn = new();
    private readonly List<byte[]> _events = [];
    private readonly long _bytesMax;
    private TaskCompletionSource? _grown;
    private int _gap;
    private int _first;
    private bool _ended;

    /// <summary>Events of a response that is about to run.</summary>
    /// <param name="bytesMax">Most bytes of events.</param>
    public ResponseEvents(long bytesMax) => _bytesMax = bytesMax;

    /// <summary>The events of a response that has ended.</summary>
    /// <param name="first">The number of the first of them.</param>
    /// <param name="events">The events.</param>
    public ResponseEvents(int first, List<byte[]> events)
    {
        (_first, _events, _ended) = (first, events, true);
        Bytes = events.Sum(what => (long)what.Length);
    }

    /// <summary>Bytes of the events that are kept.</summary>
    public long Bytes { get; private set; }

    /// <summary>The number of the oldest event that is kept.</summary>
    public int First
    {
        get
        {
            lock (_turn)
            {
                return _first;
            }
        }
    }

    /// <summary>Adds the next event.</summary>
    public void Append(byte[] what)
    {
        lock (_turn)
        {
            _events.Add(what);
            Bytes += what.Length;
            while (Bytes > _bytesMax && _gap < _events.Count - 1)
            {
                Bytes -= _events[_gap].Length;
                _events[_gap++] = [];
                _first++;
            }

            if (_gap > GapMax)
            {
                _events.RemoveRange(0, _gap);
                _gap = 0;
            }

            Wake();
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

    /// <summary>
    /// The events from a number on, as soon as there is one; none when there will be none, null when some of them are
    /// no longer kept.
    /// </summary>
    public async ValueTask<IReadOnlyList<byte[]>?> NextAsync(int from, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task grown;
            lock (_turn)
            {
                var end = _first + _events.Count - _gap;
                if (from < _first)
                {
                    return null;
                }

                if (from < end || _ended)
                {
                    return from < end ? _events.GetRange(_gap + from - _first, end - from) : [];
                }

                _grown ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                grown = _grown.Task;
            }

            await grown.WaitAsync(cancellationToken);
        }
    }

    /// <summary>All events that are kept, and the number of the first of them.</summary>
    public (int First, IReadOnlyList<byte[]> Events) Read()
    {
        lock (_turn)
        {
            return (_first, _events[_gap..]);
        }
    }

    /// <summary>Waits for the end.</summary>
    public async Task EndedAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            int end;
            lock (_turn)
            {
                if (_ended)
                {
                    return;
                }

                end = _first + _events.Count - _gap;
            }

            await NextAsync(end, cancellationToken);
        }
    }

    private void Wake()
    {
        _grown?.TrySetResult();
        _grown = null;
    }
}
