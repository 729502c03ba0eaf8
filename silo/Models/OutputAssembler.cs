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
internal sealed class OutputAssembler(IOutputParser parser, int[]? promptTokens)
{
    private readonly List<int>? _context = promptTokens is null ? null : [.. promptTokens];
    private bool _toolCalled;

    /// <summary>Reads the next chunk; the last one of a sequence gives the last one for the client.</summary>
    /// <exception cref="OutputFormatException">A tool call is malformed.</exception>
    public IEnumerable<GenerationChunk> Read(SequenceChunk chunk)
    {
        _context?.AddRange(chunk.Tokens);
        var output = parser.Read(chunk.Text);

        // Log-probabilities go out with their tokens, even while the parser holds their text back.
        if (!IsEmpty(output) || chunk.LogProbs.Count > 0)
        {
            yield return ToChunk(output) with { LogProbs = chunk.LogProbs };
        }

        if (chunk.FinishReason is not { } reason)
        {
            yield break;
        }

        output = parser.Finish();
        if (!IsEmpty(output))
        {
            yield return ToChunk(output);
        }

        yield return new GenerationChunk
        {
            FinishReason = reason == FinishReason.Stop && _toolCalled ? FinishReason.ToolCalls : reason,
            Usage = ToUsage(chunk.Usage),
            Context = _context,
        };
    }

    private GenerationChunk ToChunk(ParsedOutput output)
    {
        _toolCalled |= output.ToolCalls.Count > 0;
        return new GenerationChunk
        {
            Content = output.Content,
            Thinking = output.Thinking.Length > 0 ? output.Thinking : null,
            ToolCalls = output.ToolCalls,
        };
    }

    private static bool IsEmpty(ParsedOutput output) =>
        output.Content.Length == 0 && output.Thinking.Length == 0 && output.ToolCalls.Count == 0;

    private static GenerationUsage ToUsage(SequenceUsage? usage) => usage is null ? new GenerationUsage() : new()
    {
        PromptTokenCount = usage.PromptTokenCount,
        CachedTokenCount = usage.CachedTokenCount,
        CompletionTokenCount = usage.CompletionTokenCount,
        QueueWait = usage.QueueWait,
        PrefillDuration = usage.PrefillDuration,
        DecodeDuration = usage.DecodeDuration,
    };
}
