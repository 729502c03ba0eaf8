using Ollama.Platform.Inference.Runner;
using Ollama.Platform.Inference.Sampling;
using Ollama.Platform.Inference.Scheduling;
using Ollama.Platform.Inference.Sequences;
using Ollama.Platform.UnitTests.Inference;
using Ollama.Platform.UnitTests.LlamaCpp;

namespace Ollama.Platform.UnitTests.Engine;

public sealed class LlamaDraftingTests
{
    [Fact]
    public void A_model_that_quotes_itself_says_the_same_with_proposals_as_without()
    {
        const string prompt = NativeModels.Question + NativeModels.Answer + "<|im_end|>\n" + NativeModels.Question;
        var (plain, _) = Complete(prompt, draftTokensMax: 0);
        var (drafted, recorder) = Complete(prompt, draftTokensMax: 4);
        Assert.NotEmpty(plain);
        Assert.Equal(plain, drafted);
        Assert.Contains(recorder.Of(SchedulerEventKind.Drafted), item => item.Count > 0);
    }

    private static (IReadOnlyList<int> Tokens, EventRecorder Recorder) Complete(string prompt, int draftTokensMax)
    {
        using var engine = LlamaEngines.LoadChat();
        var recorder = new EventRecorder();
        var limits = new SchedulerLimits
        {
            SlotCount = 4,
            CellCount = engine.Description.CellCount,
            ContextTokens = 512,
            BatchTokensMax = engine.Description.BatchTokensMax,
            QueueLengthMax = 4,
            OutputCountMax = engine.Description.OutputCountMax,
        };
        // A clock that stands still: nothing says that proposals do not pay.
        var time = new ManualTimeProvider();
        var loop = new DecodeLoop(engine, limits, time, listener: null, recorder);
        var request = new SequenceRequest
        {
            Id = 1,
            PromptTokens = engine.Tokenize(prompt, specialAdded: true, specialParsed: true),
            Sampling = new SamplingOptions { Temperature = 0 },
            CompletionTokensMax = 40,
            DraftTokensMax = draftTokensMax,
        };
        var sequence = new Sequence(request, limits.ContextTokens, creditTokens: 64, seed: 1);
        Assert.Equal(SubmitOutcome.Accepted, loop.TrySubmit(sequence));
        while (loop.Step())
        {
        }

        return (new SequenceStream(sequence, engine.Pieces, time).TryTake()!.Tokens, recorder);
    }
}
