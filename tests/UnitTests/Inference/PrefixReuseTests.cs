using Ollama.Platform.Contracts.Models;
using Ollama.Platform.Inference.Runner;
using Ollama.Platform.Inference.Scheduling;

namespace Ollama.Platform.UnitTests.Inference;

public sealed class PrefixReuseTests
{
    private static readonly ScriptedEngineOptions Options = new() { EndEvery = 0, SequenceCountMax = 2 };

    [Fact]
    public void A_prompt_that_begins_like_the_last_one_is_computed_from_there()
    {
        var bench = new LoopBench(Options);
        bench.Run(LoopBench.Greedy("a system prompt that is shared: one", 4));
        var before = bench.Engine.DecodedTokenCount;
        var request = LoopBench.Greedy("a system prompt that is shared: two", 4);
        var warm = bench.Run(request);
        Assert.Equal("a system prompt that is shared: ".Length, warm.Usage!.CachedTokenCount);
        Assert.Equal("two".Length + 3, bench.Engine.DecodedTokenCount - before);
        Assert.Equal(new LoopBench(Options).Run(request).Tokens, warm.Tokens);
    }

    [Fact]
    public void The_same_prompt_computes_its_last_token_again()
    {
        var bench = new LoopBench(Options);
        var request = LoopBench.Greedy("the very same prompt", 4);
        var cold = bench.Run(request);
        var warm = bench.Run(request);
        Assert.Equal("the very same prompt".Length - 1, warm.Usage!.CachedTokenCount);
        Assert.Equal(cold.Tokens, warm.Tokens);
    }

    [Fact]
    public void A_conversation_goes_on_in_the_cells_of_its_last_answer()
    {
        var bench = new LoopBench(Options);
        var first = bench.Run(LoopBench.Greedy("question one", 20));
        var follow = LoopBench.Greedy("", 4) with
        {
            PromptTokens = [.. "question one".Select(letter => (int)letter), .. first.Tokens, '?', '!'],
        };
        var second = bench.Run(follow);
        // The last token of an answer was sampled but never computed.
        Assert.Equal("question one".Length + 19, second.Usage!.CachedTokenCount);
        Assert.Equal(new LoopBench(Options).Run(follow).Tokens, second.Tokens);
    }

    [Fact]
    public void A_short_common_beginning_does_not_cost_another_prompt_its_cells()
    {
        var bench = new LoopBench(Options);
        var request = LoopBench.Greedy("a long prompt that will come back", 1);
        bench.Run(request);
        Assert.Equal(0, bench.Run(LoopBench.Greedy("a short", 1)).Usage!.CachedTokenCount);
        Assert.NotEqual(0, bench.Run(request).Usage!.CachedTokenCount);
    }

    [Fact]
    public void Short_prompts_that_take_turns_each_go_on_in_their_own_slot()
    {
        var bench = new LoopBench(Options);
        string[] prompts = ["a short one", "another one", "a short one", "another one", "a short one", "another one"];
        var cached = prompts.Select(prompt => bench.Run(LoopBench.Greedy(prompt, 4)).Usage!.CachedTokenCount).ToArray();
        Assert.Equal([0, 0, 10, 10, 10, 10], cached);
    }

    [Fact]
    public void The_slot_that_is_idle_for_longest_is_given_up()
    {
        var bench = new LoopBench(Options);
        var first = LoopBench.Greedy("first prompt, quite long", 1);
        var second = LoopBench.Greedy("second prompt, quite long", 1);
        bench.Run(first);
        bench.Run(second);
        bench.Run(LoopBench.Greedy("third prompt, quite long", 1));
        Assert.NotEqual(0, bench.Run(second).Usage!.CachedTokenCount);
        Assert.Equal(0, bench.Run(first).Usage!.CachedTokenCount);
    }

    [Fact]
    public void Cells_from_after_a_shift_serve_nobody()
    {
        var bench = new LoopBench(Options, contextTokens: 60);
        var request = LoopBench.Greedy("a prompt of thirty characters.", 100) with { KeepTokens = 20 };
        bench.Run(request);
        Assert.NotEmpty(bench.Recorder.Of(SchedulerEventKind.Shifted));
        var again = bench.Run(request with { CompletionTokensMax = 5 });
        Assert.Equal(20, again.Usage!.CachedTokenCount);
        var cold = new LoopBench(Options, contextTokens: 60).Run(request with { CompletionTokensMax = 5 });
        Assert.Equal(cold.Tokens, again.Tokens);
    }

    [Fact]
    public void A_model_that_cannot_cut_reuses_whole_slots_only()
    {
        var options = Options with { CanCut = false };
        var bench = new LoopBench(options);
        var first = bench.Run(LoopBench.Greedy("an opening of some length", 3));
        var other = bench.Run(LoopBench.Greedy("an opening of some depth!", 3));
        Assert.Equal(0, other.Usage!.CachedTokenCount);
        var follow = LoopBench.Greedy("", 4) with
        {
            PromptTokens = [.. "an opening of some length".Select(letter => (int)letter), .. first.Tokens, '?'],
        };
        var warm = bench.Run(follow);
        Assert.Equal("an opening of some length".Length + 2, warm.Usage!.CachedTokenCount);
        Assert.Equal(new LoopBench(options).Run(follow).Tokens, warm.Tokens);
    }

    [Fact]
    public void A_canceled_prompt_leaves_what_was_computed()
    {
        var bench = new LoopBench(Options with { BatchTokensMax = 32 });
        var request = LoopBench.Greedy(new string('p', 100), 2);
        var canceled = bench.Submit(request);
        bench.Loop.Step();
        canceled.RequestCancel();
        bench.StepUntilIdle();
        Assert.Equal(FinishReason.Canceled, canceled.End.Reason);
        SequenceChunk warm = bench.Run(request);
        Assert.Equal(32, warm.Usage!.CachedTokenCount);
        Assert.Equal(new LoopBench(Options).Run(request).Tokens, warm.Tokens);
    }
}
