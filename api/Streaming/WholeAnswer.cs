using System.Text;
using Ollama.Platform.Contracts.Errors;
using Ollama.Platform.Contracts.Models;

namespace Ollama.Platform.Api.Streaming;

/// <summary>All chunks of an answer put together: texts add up, everything else is what the last chunk says.</summary>
internal sealed class WholeAnswer
{
    private readonly StringBuilder _content = new();
    private readonly StringBuilder _thinking = new();
    private readonly List<TokenLogProb> _logProbs = [];
    private readonly List<ToolCall> _toolCalls = [];
    private GenerationChunk _last = new();

    /// <summary>Reads chunks to the end and puts them together.</summary>
    /// <exception cref="ModelException">The request was refused or failed.</exception>
    public static async Task<WholeAnswer> ReadAsync(
        IAsyncEnumerable<GenerationChunk> chunks, CancellationToken cancellationToken)
    {
        await using var reader = new ChunkReader(chunks, cancellationToken);
        var answer = new WholeAnswer();
        while (await reader.MoveNextAsync())
        {
            answer.Add(reader.Current);
        }

        return answer;
    }

    /// <summary>Takes the next chunk.</summary>
    public void Add(GenerationChunk chunk)
    {
        _content.Append(chunk.Content);
        _thinking.Append(chunk.Thinking);
        _logProbs.AddRange(chunk.LogProbs);
        _toolCalls.AddRange(chunk.ToolCalls);
        _last = chunk;
    }

    /// <summary>The answer as one chunk.</summary>
    /// <param name="callsCollected">Takes the calls of all chunks; otherwise those of the last.</param>
    public GenerationChunk ToChunk(bool callsCollected) => _last with
    {
        Content = _content.ToString(),
        Thinking = _thinking.Length > 0 ? _thinking.ToString() : null,
        LogProbs = _logProbs,
        ToolCalls = callsCollected ? _toolCalls : _last.ToolCalls,
    };
}
