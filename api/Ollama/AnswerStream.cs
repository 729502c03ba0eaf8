using System.Text.Json.Serialization.Metadata;
using Ollama.Platform.Api.Ollama.Wire;
using Ollama.Platform.Api.Streaming;
using Ollama.Platform.Contracts.Errors;
using Ollama.Platform.Contracts.Models;

namespace Ollama.Platform.Api.Ollama;

/// <summary>Sends a stream of chunks as JSON lines.</summary>
internal sealed class AnswerStream(OllamaGuard guard)
{
    /// <summary>Reads chunks to the end and writes a line for each, as it arrives.</summary>
    /// <exception cref="ModelException">The refusal came before the first chunk: nothing was sent yet.</exception>
    public async Task WriteAsync<T>(
        OllamaRequest request,
        IAsyncEnumerable<GenerationChunk> chunks,
        Func<GenerationChunk, T> toWire,
        JsonTypeInfo<T> typeInfo)
    {
        await using var reader = chunks.GetAsyncEnumerator(request.Aborted);

        // Pull the first chunk before the status line: loading may still fail.
        var any = await MoveNextAsync(reader);
        using var writer = NdjsonWriter.Start(request.Context.Response);
        try
        {
            for (; any; any = await MoveNextAsync(reader))
            {
                await writer.WriteLineAsync(toWire(reader.Current), typeInfo, request.Aborted);
            }
        }
        catch (ModelException exception) when (request.Context.Response.HasStarted)
        {
            // Too late for a status. The line takes the place of the one with done:true.
            var reply = OllamaGuard.Translate(request, exception);
            guard.Report(request, exception, reply);
            await writer.WriteLineAsync(new ErrorLine(reply.Message), WireJson.Default.ErrorLine, request.Aborted);
        }
    }

    /// <summary>Reads chunks to the end and puts them together.</summary>
    /// <exception cref="ModelException">The request was refused or failed; nothing was sent.</exception>
    public static async Task<WholeAnswer> CollectAsync(
        OllamaRequest request, IAsyncEnumerable<GenerationChunk> chunks)
    {
        await using var reader = chunks.GetAsyncEnumerator(request.Aborted);
        var answer = new WholeAnswer();
        while (await MoveNextAsync(reader))
        {
            answer.Add(reader.Current);
        }

        return answer;
    }

    // A run that failed or was abandoned has no last chunk that a client could take for a finished answer.
    private static async ValueTask<bool> MoveNextAsync(IAsyncEnumerator<GenerationChunk> reader)
    {
        if (!await reader.MoveNextAsync())
        {
            return false;
        }

        return reader.Current.FinishReason switch
        {
            FinishReason.Error => throw new ModelException(ModelErrorCode.RunnerStopped),
            FinishReason.Canceled => throw new ModelException(ModelErrorCode.Canceled),
            _ => true,
        };
    }
}
