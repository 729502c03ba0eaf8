using System.Runtime.InteropServices;
using System.Text.Json;
using Ollama.Platform.Api.Responses.Wire;

namespace Ollama.Platform.Api.Responses;

/// <summary>A response that can be fetched, followed and gone on from. Its run writes it; any thread reads.</summary>
internal sealed class StoredResponse
{
    private readonly long _inputBytes;
    private volatile ResponseWire _response;
    private volatile bool _isOnDisk;

    /// <summary>A response that is about to run, or was kept.</summary>
    /// <param name="response">Its beginning, or the whole.</param>
    /// <param name="input">The whole conversation before it, item by item.</param>
    /// <param name="createdAt">From when on it is kept.</param>
    /// <param name="events">Its events.</param>
    public StoredResponse(
        ResponseWire response, IReadOnlyList<JsonElement> input, DateTimeOffset createdAt, ResponseEvents events)
    {
        (_response, Input, CreatedAt, Events) = (response, input, createdAt, events);
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

    /// <summary>Its events.</summary>
    public ResponseEvents Events { get; }

    /// <summary>About how much memory it takes.</summary>
    public long Bytes => _inputBytes + Events.Bytes;

    /// <summary>What the store has counted of that; its own to change.</summary>
    public long CountedBytes { get; set; }

    /// <summary>The disk has it, or is about to.</summary>
    public bool IsOnDisk
    {
        get => _isOnDisk;
        set => _isOnDisk = value;
    }

    /// <summary>Nothing more will come.</summary>
    public bool HasEnded => ResponseStatus.IsFinal(_response.Status);

    /// <summary>Ends its run, when it runs in the background.</summary>
    public CancellationToken Canceled => Source.Token;

    // Never disposed, as it has neither a timer nor a handle: whoever cancels may come at any time.
    private CancellationTokenSource Source { get; } = new();

    /// <summary>Ends its run, when it runs in the background.</summary>
    public Task CancelAsync() => Source.CancelAsync();
}
