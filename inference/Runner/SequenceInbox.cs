using System.Threading.Channels;
using Ollama.Platform.Contracts.Errors;
using Ollama.Platform.Contracts.Models;

namespace Ollama.Platform.Inference.Runner;

/// <summary>
/// Chunks of one sequence that its reader has not taken. The sequence's credit bounds it, so the one who fills it
/// never waits.
/// </summary>
internal sealed class SequenceInbox
{
    // Each chunk but the last two carries at least one token of the credit.
    private readonly Channel<SequenceChunk> _chunks = Channel.CreateBounded<SequenceChunk>(
        new BoundedChannelOptions(RunnerLimits.CreditTokens + 2) { SingleReader = true });

    /// <summary>Adds a chunk.</summary>
    /// <exception cref="InvalidOperationException">The runner sent more than it had credit for.</exception>
    public void Add(SequenceChunk chunk)
    {
        if (!_chunks.Writer.TryWrite(chunk) && !_chunks.Reader.Completion.IsCompleted)
        {
            throw new InvalidOperationException("The runner exceeded a sequence's credit.");
        }
    }

    /// <summary>No chunk follows; the reader gets the refusal once it has read what is there.</summary>
    public void Refuse(Refusal refusal) => _chunks.Writer.TryComplete(new ModelException(refusal));

    /// <summary>Waits for chunks and takes all that came since, as one.</summary>
    /// <exception cref="ModelException">The runner refused.</exception>
    public async ValueTask<SequenceChunk> TakeAsync(CancellationToken cancellationToken)
    {
        var chunk = await _chunks.Reader.ReadAsync(cancellationToken);
        if (!_chunks.Reader.TryRead(out var next))
        {
            return chunk;
        }

        List<SequenceChunk> chunks = [chunk];
        do
        {
            chunks.Add(next);
        }
        while (_chunks.Reader.TryRead(out next));
        return Join(chunks);
    }

    private static SequenceChunk Join(List<SequenceChunk> chunks)
    {
        List<int> tokens = [];
        List<TokenLogProb> logProbs = [];
        foreach (var chunk in chunks)
        {
            tokens.AddRange(chunk.Tokens);
            logProbs.AddRange(chunk.LogProbs);
        }

        return new SequenceChunk
        {
            Text = string.Concat(chunks.Select(chunk => chunk.Text)),
            Tokens = tokens,
            LogProbs = logProbs,
            FinishReason = chunks[^1].FinishReason,
            Usage = chunks[^1].Usage,
        };
    }
}
