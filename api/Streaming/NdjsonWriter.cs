using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;

namespace Ollama.Platform.Api.Streaming;

/// <summary>
/// Writes a stream of JSON lines, each flushed as a whole. Runs on the request's task; a slow client holds up its own
/// stream and nothing else.
/// </summary>
internal sealed class NdjsonWriter : IDisposable
{
    private readonly PipeWriter _body;
    private readonly Utf8JsonWriter _json;

    private NdjsonWriter(PipeWriter body)
    {
        _body = body;
        _json = WireWriter.Create(body);
    }

    /// <summary>Settles the headers; nothing is sent before the first line.</summary>
    public static NdjsonWriter Start(HttpResponse response)
    {
        StreamHeaders.Set(response, MediaTypes.Ndjson);
        return new NdjsonWriter(response.BodyWriter);
    }

    /// <summary>Writes one line and flushes it.</summary>
    public async ValueTask WriteLineAsync<T>(T value, JsonTypeInfo<T> typeInfo, CancellationToken cancellationToken)
    {
        JsonSerializer.Serialize(_json, value, typeInfo);
        _json.Reset();
        _body.Write("\n"u8);
        await _body.FlushAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose() => _json.Dispose();
}
