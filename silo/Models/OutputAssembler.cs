using Ollama.Platform.Contracts.Models;
using Ollama.Platform.Inference.Runner;
using Ollama.Platform.Prompting.Parsing;

namespace Ollama.Platform.Silo.Models;

/// <summary>
/// Turns the chunks of a sequence into what a client sees: answer text, reasoning and tool calls. One instance serves
/// one sequence, on one thread at a time.
/// </summary>
/// <param name="parser">Reads the completion.</param>
/// <param name="promptTokens">The prompt, to give back as context; null when none is wanted.</param>
/// <param name="manyCalls">Gives out more than the first call.</param>
internal sealed class OutputAssembler(IOutputParser parser, int[]? promptTokens, bool manyCalls = true)
{
    private readonly List<int>? _context = promptTokens is null ? null : [.. promptTokens];
    private bool _toolCalled;
    private bool _answered;
    private int _tokenCount;
    private int _thinkingTokenCount;

    /// <summary>Reads the next chunk; the last one of a sequence gives the last one for the client.</summary>
    /// <exception cref="OutputFormatException">A tool call is malformed.</exception>
    public IEnumerable<GenerationChunk> Read(SequenceChunk chunk)
    {
        _context?.AddRange(chunk.Tokens);
        var output = Allow(parser.Read(chunk.Text));
        CountThinking(chunk, output);

        // Log-probabilities go out with their tokens, even while the parser holds their text back.
        var logProbs = chunk.LogProbs;
        foreach (var part in CallOrder.Split(output))
        {
            yield return ToChunk(part) with { LogProbs = logProbs };
            logProbs = [];
        }

        if (logProbs.Count > 0)
        {
            yield return new GenerationChunk { LogProbs = logProbs };
        }

        if (chunk.FinishReason is not { } reason)
        {
            yield break;
        }

        foreach (var part in CallOrder.Split(Allow(parser.Finish())))
        {
            yield return ToChunk(part);
        }

        yield return new GenerationChunk
        {
            FinishReason = reason == FinishReason.Stop && _toolCalled ? FinishReason.ToolCalls : reason,
            StopSequence = chunk.StopSequence,
            Usage = ToUsage(chunk.Usage, _thinkingTokenCount),
            Context = _context,
        };
    }

    // A mark between reasoning and answer is known as one only when the answer has begun: until then all tokens count
    // as reasoning once there was any.
    private void CountThinking(SequenceChunk chunk, ParsedOutput output)
    {
        if (_answered)
        {
            return;
        }

        _answered = output.Content.Length > 0 || output.ToolCalls.Count > 0 || output.CallPieces.Count > 0;
        _tokenCount += _answered ? CountBefore(output.Content, chunk) : chunk.Tokens.Count;
        if (output.Thinking.Length > 0 || _thinkingTokenCount > 0)
        {
            _thinkingTokenCount = _tokenCount;
        }
    }

    // A chunk of several tokens, as a slow reader gets them, may hold the end of one and the beginning of the other.
    // What its text has before the answer has as large a part of its tokens.
    private static int CountBefore(string answer, SequenceChunk chunk) => answer.Length == 0 ? 0
        : (int)((long)chunk.Tokens.Count * Math.Max(0, chunk.Text.Length - answer.Length)
            / Math.Max(1, chunk.Text.Length));

    private ParsedOutput Allow(ParsedOutput output) => manyCalls ? output : output with
    {
        ToolCalls = [.. output.ToolCalls.Take(_toolCalled ? 0 : 1)],
        CallPieces = [.. output.CallPieces.Where(piece => piece.Index == 0)],
    };

    private GenerationChunk ToChunk(ParsedOutput output)
    {
        _toolCalled |= output.ToolCalls.Count > 0;
        return new GenerationChunk
        {
            Content = output.Content,
            Thinking = output.Thinking.Length > 0 ? output.Thinking : null,
            ToolCalls = output.ToolCalls,
            CallPieces = output.CallPieces,
        };
    }

    private static GenerationUsage ToUsage(SequenceUsage? usage, int thinkingTokenCount) => usage is null
        ? new()
        : new()
        {
            PromptTokenCount = usage.PromptTokenCount,
            CachedTokenCount = usage.CachedTokenCount,
            CompletionTokenCount = usage.CompletionTokenCount,
            ThinkingTokenCount = thinkingTokenCount,
            ProposedTokenCount = usage.ProposedTokenCount,
            AcceptedTokenCount = usage.AcceptedTokenCount,
            QueueWait = usage.QueueWait,
            PrefillDuration = usage.PrefillDuration,
            DecodeDuration = usage.DecodeDuration,
        };
}
