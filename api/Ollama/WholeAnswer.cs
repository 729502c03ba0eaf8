using System.Text;
using Ollama.Platform.Contracts.Models;

namespace Ollama.Platform.Api.Ollama;

/// <summary>All chunks of an answer put together: texts add up, everything else is what the last chunk says.</summary>
internal sealed class WholeAnswer
{
    private readonly StringBuilder _content = new();
    private readonly StringBuilder _thinking = new();
    private readonly List<TokenLogProb> _logProbs = [];
    private readonly List<ToolCall> _toolCalls = [];
    private GenerationChunk _last = new();

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
