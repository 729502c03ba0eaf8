using System.Runtime.InteropServices;
using System.Text.Json;
using Ollama.Platform.Api.Responses.Wire;

namespace Ollama.Platform.Api.Responses;

/// <summary>A response that can be fetched, followed and gone on from. Its run writes it; any thread reads.</summary>
internal sealed class StoredResponse
{
    // About what an object and its fields without texts take.
    private const long FixedBytes = 2048;

    private readonly long _inputBytes;
    private readonly ResponseEvents? _events;
    private volatile ResponseWire _response;
    private volatile ResponseWork? _work;
    private volatile bool _isOnDisk;

    /// <summary>A response that is about to run, or was kept.</summary>
    /// <param name="response">Its beginning, or the whole.</param>
    /// <param name="input">The whole conversation before it, item by item.</param>
    /// <param name="createdAt">From when on it is kept.</param>
    /// <param name="events">Its events; null when it was made whole.</param>
    public StoredResponse(
        ResponseWire response, IReadOnlyList<JsonElement> input, DateTimeOffset createdAt, ResponseEvents? events)
    {
        (_response, Input, CreatedAt, _events) = (response, input, createdAt, events);
        _inputBytes = input.Sum(item => (long)JsonMarshal.GetRawUtf8Value(item).Length);
    }

    /// <summary>The response as it is now.</summary>
    public ResponseWire Response
    {
        get => _response;
        set => _response = value;
    }

    /// <summary>The whole conversation before it, item by item.</summary>
    public IReadOnlyList<JsonElement> Input { get; }

    /// <summary>From when on it is kept.</summary>
    public DateTimeOffset CreatedAt { get; }

    /// <summary>It was made whole, and its events are made when somebody asks for them.</summary>
    public bool IsWhole => _events is null;

    /// <summary>Its events; those of one that was made whole are made anew each time.</summary>
    public ResponseEvents Events => _events ?? new ResponseEvents(first: 0, ResponseReplay.EventsOf(Response));

    /// <summary>About how much memory it takes.</summary>
    public long Bytes => _inputBytes + (_events?.Bytes ?? MeasureWhole());

    /// <summary>What the store counts for it, under its lock; 0 while it runs.</summary>
    public long CountedBytes { get; set; }

    /// <summary>The disk has it, or is about to.</summary>
    public bool IsOnDisk
    {
        get => _isOnDisk;
        set => _isOnDisk = value;
    }

    /// <summary>What is left to the next server, when this one stops before anything was made; null mostly.</summary>
    public ResponseWork? Work
    {
        get => _work;
        set => _work = value;
    }

    /// <summary>Nothing more will come.</summary>
    public bool HasEnded => ResponseStatus.IsFinal(_response.Status);

    /// <summary>Ends its run, when it runs in the background.</summary>
    public CancellationToken Canceled => Source.Token;

    // Never disposed, as it has neither a timer nor a handle: whoever cancels may come at any time.
    private CancellationTokenSource Source { get; } = new();

    /// <summary>Ends its run, when it runs in the background.</summary>
    public Task CancelAsync() => Source.CancelAsync();

    private long MeasureWhole()
    {
        var response = Response;
        return FixedBytes + JsonMarshal.GetRawUtf8Value(response.Tools).Length
            + JsonMarshal.GetRawUtf8Value(response.Text).Length + (response.Instructions?.Length ?? 0)
            + response.Output.Sum(item =>
                (item.Arguments?.Length ?? 0) + (2L * (item.EncryptedContent?.Length ?? 0))
                + (item.Content?.Sum(part => part.Text.Length + (FixedBytes * part.LogProbs.Count)) ?? 0));
    }
}
