using System.Buffers;
using System.Text.Json;
using Ollama.Platform.Api.Batches.Wire;
using Ollama.Platform.Api.Streaming;

namespace Ollama.Platform.Api.Batches;

/// <summary>
/// A file in which the results of a batch gather, a line for each, and which says what has run when the batch goes on
/// after a restart. Several tasks may add lines.
/// </summary>
internal sealed class ResultFile : IAsyncDisposable
{
    private readonly SemaphoreSlim _turn = new(1);
    private readonly Stream _content;

    private ResultFile(Stream content) => _content = content;

    /// <summary>Its length.</summary>
    public long Bytes => _content.Length;

    /// <summary>Opens a file and reads which requests it holds. What was cut off at its end is dropped.</summary>
    /// <param name="content">The file, at its beginning.</param>
    /// <param name="done">Takes the requests; null when nobody asks which, and lines need not be readable.</param>
    /// <param name="cancellationToken">Ends the call early.</param>
    public static async Task<ResultFile> OpenAsync(
        Stream content, HashSet<string>? done, CancellationToken cancellationToken)
    {
        long whole;
        await using (var lines = new LineReader(content, int.MaxValue))
        {
            var position = 0L;
            while (await lines.NextAsync(cancellationToken) is { } line)
            {
                if (lines.WholeBytes == position)
                {
                    break;
                }

                position = lines.WholeBytes;
                if (done is not null)
                {
                    var result = JsonDocument.Parse(line, BatchEndpoints.Depth).RootElement;
                    done.Add(result.GetProperty("custom_id").GetString()!);
                }
            }

            whole = lines.WholeBytes;
        }

        content.SetLength(whole);
        content.Position = whole;
        return new ResultFile(content);
    }

    /// <summary>Adds a line.</summary>
    public async Task AddAsync(ResultLine line, CancellationToken cancellationToken)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = WireWriter.Create(buffer))
        {
            JsonSerializer.Serialize(writer, line, BatchesJson.Default.ResultLine);
        }

        buffer.Write("\n"u8);
        await _turn.WaitAsync(cancellationToken);
        try
        {
            // In one piece: whoever comes after a crash finds a line or the beginning of one.
            await _content.WriteAsync(buffer.WrittenMemory, cancellationToken);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _turn.Dispose();
        return _content.DisposeAsync();
    }
}
