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

    private static SchedulerLimits LimitsOf(long vramBytes)
    {
        using var engine = new ScriptedEngine(new ScriptedEngineOptions());
        return RunnerServer.LimitsOf(
            engine.Description with { VramBytes = vramBytes },
            new LoadSpecification { WeightsPath = "any", ContextTokens = 64, SlotCount = 2 });
    }
}
