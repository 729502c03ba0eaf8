using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using Ollama.Platform.Api.Errors;
using Ollama.Platform.Api.Ollama.Wire;
using Ollama.Platform.Api.Streaming;
using Ollama.Platform.Contracts.Models;

namespace Ollama.Platform.Api.Ollama;

/// <summary>Writes an answer as JSON lines, one for each chunk.</summary>
internal sealed class LinesWriter<T>(HttpResponse response, Func<GenerationChunk, T> toWire, JsonTypeInfo<T> typeInfo)
    : IAnswerWriter
{
    private readonly NdjsonWriter _lines = NdjsonWriter.Start(response);

    /// <inheritdoc/>
    public ValueTask WriteAsync(GenerationChunk chunk, CancellationToken cancellationToken) =>
        _lines.WriteLineAsync(toWire(chunk), typeInfo, cancellationToken);

    /// <inheritdoc/>
    public ValueTask EndAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;

    /// <inheritdoc/>
    public ValueTask FailAsync(ErrorReply reply, CancellationToken cancellationToken) =>
        // The line takes the place of the one with done:true.
        _lines.WriteLineAsync(new ErrorLine(reply.Message), WireJson.Default.ErrorLine, cancellationToken);

    /// <inheritdoc/>
    public void Dispose() => _lines.Dispose();
}
