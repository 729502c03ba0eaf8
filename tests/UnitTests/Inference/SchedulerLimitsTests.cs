using Ollama.Platform.Inference.Engine;
using Ollama.Platform.Inference.Runner;
using Ollama.Platform.Inference.Scheduling;

namespace Ollama.Platform.UnitTests.Inference;

public sealed class SchedulerLimitsTests
{
    [Fact]
    public void Idle_prompts_make_way_for_a_long_one_in_RAM_but_stay_on_a_GPU()
    {
        var inMemory = LimitsOf(vramBytes: 0);
        var onGpu = LimitsOf(vramBytes: 1);

        Assert.InRange(inMemory.LongPromptTokens, 1, 1024);
        Assert.Equal(int.MaxValue, onGpu.LongPromptTokens);
        Assert.True(onGpu.IdleCellsMax > inMemory.IdleCellsMax);
        Assert.Equal(
            inMemory,
            onGpu with { LongPromptTokens = inMemory.LongPromptTokens, IdleCellsMax = inMemory.IdleCellsMax });
    }

    [Fact]
    public void Where_each_slot_has_a_cache_its_context_is_no_longer_and_idle_prompts_stay()
    {
        // 1024 cells for 8 sequences.
        var limits = LimitsOf(vramBytes: 0, unified: false, contextTokens: 2000);

        Assert.False(limits.CacheUnified);
        Assert.Equal(128, limits.ContextTokens);
        Assert.Equal(2 * 128, limits.CellCount);
        Assert.Equal(int.MaxValue, limits.LongPromptTokens);
        Assert.Equal(int.MaxValue, limits.IdleCellsMax);
        Assert.True(limits.SharedTokensMin > limits.KeptTokensMin);
    }

    private static SchedulerLimits LimitsOf(long vramBytes, bool unified = true, int contextTokens = 64)
    {
        using var engine = new ScriptedEngine(new ScriptedEngineOptions { CacheUnified = unified });
        return RunnerServer.LimitsOf(
            engine.Description with { VramBytes = vramBytes },
            new LoadSpecification { WeightsPath = "any", ContextTokens = contextTokens, SlotCount = 2 });
    }
}
