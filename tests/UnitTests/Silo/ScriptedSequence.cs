using System.Threading.Channels;
using Ollama.Platform.Contracts.Models;
using Ollama.Platform.Inference.Runner;

namespace Ollama.Platform.UnitTests.Silo;

/// <summary>A sequence whose tokens a test writes by hand.</summary>
internal sealed class ScriptedSequence(SequenceRequest request)
{
    private readonly Channel<SequenceChunk> _chunks = Channel.CreateBounded<SequenceChunk>(1000);
    private readonly TaskCompletionSource _left = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public SequenceRequest Request { get; } = request;

    /// <summary>Completes when the reader has left.</summary>
    public Task Left => _left.Task;

    public ChannelReader<SequenceChunk> Chunks => _chunks.Reader;

    /// <summary>The prompt, as the scripted tokenizer made it of text.</summary>
    public string Prompt => string.Concat(Request.PromptTokens.Select(token => (char)token));

    /// <summary>Produces text; nothing happens on a runner that died.</summary>
    public void Emit(string text) =>
        _chunks.Writer.TryWrite(new SequenceChunk { Text = text, Tokens = [.. text.Select(c => (int)c)] });

    public void Finish(
        FinishReason reason = FinishReason.Stop, int cachedTokenCount = 0, int proposedTokenCount = 0,
        int acceptedTokenCount = 0)
    {
        _chunks.Writer.TryWrite(new SequenceChunk
        {
            FinishReason = reason,
            Usage = new SequenceUsage
            {
                PromptTokenCount = Request.PromptTokens.Length,
                CachedTokenCount = cachedTokenCount,
                CompletionTokenCount = 1,
                ProposedTokenCount = proposedTokenCount,
                AcceptedTokenCount = acceptedTokenCount,
                QueueWait = TimeSpan.FromMilliseconds(1),
                PrefillDuration = TimeSpan.FromMilliseconds(2),
                DecodeDuration = TimeSpan.FromMilliseconds(3),
            },
        });
        _chunks.Writer.TryComplete();
    }

    public void Fail(Exception exception) => _chunks.Writer.TryComplete(exception);

    public void Leave() => _left.TrySetResult();
}
