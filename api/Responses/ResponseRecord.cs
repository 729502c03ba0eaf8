using System.IO.Compression;
using System.Text.Json;
using System.Text.Json.Serialization;
using Ollama.Platform.Api.Errors;
using Ollama.Platform.Api.GoJson;
using Ollama.Platform.Api.Responses.Wire;

namespace Ollama.Platform.Api.Responses;

/// <summary>A response as it lies on the disk.</summary>
/// <param name="Response">What clients see.</param>
/// <param name="Input">The whole conversation before it, item by item.</param>
/// <param name="CreatedAt">From when on it is kept.</param>
/// <param name="FirstEvent">The number of the oldest event that is kept.</param>
/// <param name="Events">
/// The events as they were sent, one behind the other, compressed: they repeat themselves. Null when it was made whole.
/// </param>
/// <param name="Work">What is left to run; null when somebody runs it, or nothing is left.</param>
internal sealed record ResponseRecord(
    ResponseWire Response, IReadOnlyList<JsonElement> Input, DateTimeOffset CreatedAt, int FirstEvent, byte[]? Events,
    ResponseWork? Work = null)
{
    // Between events, and nowhere within one.
    private static ReadOnlySpan<byte> EventEnd => "\n\n"u8;

    /// <summary>The record of a response as it is now.</summary>
    public static ResponseRecord Of(StoredResponse stored)
    {
        var response = stored.Response;
        if (stored.IsWhole)
        {
            return new ResponseRecord(response, stored.Input, stored.CreatedAt, 0, Events: null);
        }

        using var bytes = new MemoryStream();
        var first = 0;
        if (ResponseStatus.IsFinal(response.Status))
        {
            using var compressed = new GZipStream(bytes, CompressionLevel.Fastest, leaveOpen: true);
            (first, var events) = stored.Events.Read();
            foreach (var what in events)
            {
                compressed.Write(what);
            }
        }

        return new ResponseRecord(response, stored.Input, stored.CreatedAt, first, bytes.ToArray(), stored.Work);
    }

    /// <summary>The response as it was; one that had not ended has failed, since nothing goes on with it.</summary>
    /// <exception cref="InvalidDataException">The record is damaged.</exception>
    public StoredResponse ToStored(long eventBytesMax, TimeProvider time)
    {
        if (ResponseStatus.IsFinal(Response.Status))
        {
            var events = Events is null ? null : new ResponseEvents(FirstEvent, ReadEvents(Events));
            return new StoredResponse(Response, Input, CreatedAt, events) { IsOnDisk = true };
        }

        var stored = ToQueued(eventBytesMax);
        using var recording = new ResponseRecording(Response, time, stored, listener: null);
        recording.Fail(ErrorTable.Stopped);
        return stored;
    }

    /// <summary>The response before anything was made of it.</summary>
    public StoredResponse ToQueued(long eventBytesMax) =>
        new(Response, Input, CreatedAt, new ResponseEvents(eventBytesMax)) { IsOnDisk = true };

    private static List<byte[]> ReadEvents(byte[] content)
    {
        using var compressed = new GZipStream(new MemoryStream(content), CompressionMode.Decompress);
        using var bytes = new MemoryStream();
        compressed.CopyTo(bytes);
        var rest = bytes.GetBuffer().AsSpan(0, (int)bytes.Length);
        var events = new List<byte[]>();
        while (rest.IndexOf(EventEnd) is var end and >= 0)
        {
            events.Add(rest[..(end + EventEnd.Length)].ToArray());
            rest = rest[(end + EventEnd.Length)..];
        }

        return events;
    }
}

/// <summary>
/// How responses are kept, without reflection. A client's JSON lies a few levels deeper here than in its body.
/// </summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    GenerationMode = JsonSourceGenerationMode.Metadata,
    MaxDepth = 2 * GoJsonScanner.DepthMax)]
[JsonSerializable(typeof(ResponseRecord))]
internal sealed partial class ResponseRecordJson : JsonSerializerContext;
