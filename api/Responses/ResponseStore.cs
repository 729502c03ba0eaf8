using System.Text.Json;
using Microsoft.Extensions.Options;
using Ollama.Platform.Api.Errors;
using Ollama.Platform.Api.GoJson;
using Ollama.Platform.Api.Responses.Requests;
using Ollama.Platform.Api.Responses.Wire;
using Ollama.Platform.Contracts.Errors;

namespace Ollama.Platform.Api.Responses;

/// <summary>
/// The responses that are kept: for a limited time, up to a number and a size. What still runs is kept in any case.
/// <see cref="ResponseArchive"/> keeps the same on the disk. Any thread.
/// </summary>
internal sealed class ResponseStore(IOptions<ApiOptions> options, TimeProvider time)
{
    private readonly Lock _turn = new();
    private readonly Dictionary<string, StoredResponse> _responses = new(StringComparer.Ordinal);

    /// <summary>By age, the oldest first.</summary>
    private readonly LinkedList<StoredResponse> _order = new();

    private long _bytes;

    private ResponseOptions Limits => options.Value.Responses;

    /// <summary>What the disk does not know yet.</summary>
    public ResponseChanges Changes { get; } = new();

    /// <summary>Keeps anything at all.</summary>
    public bool IsOn => Limits.KeepTime > TimeSpan.Zero;

    /// <summary>A response that is about to run; it is not kept before it is added.</summary>
    public StoredResponse Create(ResponseWire response, IReadOnlyList<JsonElement> input) =>
        new(response, input, time.GetUtcNow(), new ResponseEvents(Limits.EventBytesMax));

    /// <summary>Keeps a response.</summary>
    public void Add(StoredResponse response)
    {
        lock (_turn)
        {
            MakeRoom(Limits.CountMax - 1);
            _responses.Add(response.Response.Id, response);
            Insert(response);
        }

        if (response.Response.Background)
        {
            // Its client will ask for it, also when the server does not live to see its end.
            Changes.Add(response);
        }
    }

    /// <summary>Keeps a response of an earlier run, at the place that its age gives it.</summary>
    public void Restore(StoredResponse response)
    {
        lock (_turn)
        {
            if (!_responses.TryAdd(response.Response.Id, response))
            {
                return;
            }

            Insert(response);
            Count(response);
        }
    }

    /// <summary>Makes room for what a response has become, and lets go what has expired.</summary>
    /// <param name="response">A response that has ended; null for none.</param>
    public void Settle(StoredResponse? response)
    {
        var isKept = false;
        lock (_turn)
        {
            if (response is not null && _responses.GetValueOrDefault(response.Response.Id) == response)
            {
                Count(response);
            }

            MakeRoom(Limits.CountMax);
            isKept = response is not null && _responses.ContainsKey(response.Response.Id);
        }

        if (isKept)
        {
            Changes.Add(response!);
        }
    }

    /// <summary>Keeps this response.</summary>
    public bool Holds(StoredResponse response)
    {
        lock (_turn)
        {
            return _responses.GetValueOrDefault(response.Response.Id) == response;
        }
    }

    /// <summary>Finds a response; null when it is not kept.</summary>
    public StoredResponse? Find(string id)
    {
        lock (_turn)
        {
            return _responses.GetValueOrDefault(id) is { } response && !HasExpired(response) ? response : null;
        }
    }

    /// <summary>Forgets a response; null when it is not kept.</summary>
    public StoredResponse? Remove(string id)
    {
        lock (_turn)
        {
            if (!_responses.Remove(id, out var response))
            {
                return null;
            }

            _order.Remove(response);
            _bytes -= response.CountedBytes;

            // Also when whoever removes it leaves before the disk has forgotten it.
            Changes.Drop(response);
            return HasExpired(response) ? null : response;
        }
    }

    /// <summary>The conversation up to an input: what came before it, and the input with its references resolved.
    /// </summary>
    /// <param name="previousId">The response that it goes on from; null for none.</param>
    /// <param name="input">The input.</param>
    /// <exception cref="ApiException">Something that is referred to is not kept.</exception>
    /// <exception cref="ModelException">What is referred to is not there yet.</exception>
    public (IReadOnlyList<JsonElement> Before, IReadOnlyList<JsonElement> Input) Resolve(
        string? previousId, IReadOnlyList<JsonElement> input)
    {
        IReadOnlyList<JsonElement> before = [];
        if (previousId is not null)
        {
            var previous = Find(previousId)
                ?? throw new ApiException(ApiErrorCode.PreviousResponseNotFound, previousId);
            if (!previous.HasEnded)
            {
                throw GoJsonErrors.Refuse($"previous response {GoText.Quote(previousId)} has not ended yet");
            }

            // The arguments of a call that was cut are no JSON, and nobody has answered it.
            var output = previous.Response.Output.Where(
                item => item.Type != "function_call" || item.Status == OutputItem.Completed);
            before = [.. previous.Input, .. output.Select(ToElement)];
        }

        return (before, [.. input.Select(item => InputItems.TextOf(item, "type") == InputItems.Reference
            ? FindItem(InputItems.TextOf(item, "id")!)
            : item)]);
    }

    private JsonElement FindItem(string id)
    {
        lock (_turn)
        {
            // The latest are the likely ones.
            for (var node = _order.Last; node is not null; node = node.Previous)
            {
                if (!HasExpired(node.Value)
                    && node.Value.Response.Output.FirstOrDefault(item => item.Id == id) is { } item)
                {
                    return ToElement(item);
                }
            }
        }

        throw new ApiException(ApiErrorCode.ItemNotFound, id);
    }

    // Its age is that of its request, which others that came later may have overtaken: few.
    private void Insert(StoredResponse response)
    {
        var before = _order.Last;
        while (before is not null && before.Value.CreatedAt > response.CreatedAt)
        {
            before = before.Previous;
        }

        _ = before is null ? _order.AddFirst(response) : _order.AddAfter(before, response);
    }

    private void Count(StoredResponse response)
    {
        _bytes -= response.CountedBytes;
        response.CountedBytes = response.Bytes;
        _bytes += response.CountedBytes;
    }

    private void MakeRoom(int countMax)
    {
        for (var node = _order.First; node is not null;)
        {
            var (response, next) = (node.Value, node.Next);
            if (response.HasEnded)
            {
                if (!HasExpired(response) && _order.Count <= countMax && _bytes <= Limits.BytesMax)
                {
                    // What follows is younger.
                    return;
                }

                _bytes -= response.CountedBytes;
                _order.Remove(node);
                _responses.Remove(response.Response.Id);
                Changes.Drop(response);
            }

            node = next;
        }
    }

    private bool HasExpired(StoredResponse response) =>
        response.HasEnded && time.GetUtcNow() - response.CreatedAt >= Limits.KeepTime;

    private static JsonElement ToElement(OutputItem item) =>
        JsonSerializer.SerializeToElement(item, ResponsesJson.Default.OutputItem);
}
