using Ollama.Platform.Contracts.Errors;
using Ollama.Platform.Contracts.Library;
using Ollama.Platform.Contracts.Models;

namespace Ollama.Platform.UnitTests.Architecture;

/// <summary>Numbers that cross silos or lie on disk: a new member goes to the end, none changes.</summary>
public sealed class PersistedEnumTests
{
    [Fact]
    public void Numbers_stay_as_they_are()
    {
        Assert.Equal("Stop=0 Length=1 ToolCalls=2 Canceled=3 Error=4", Numbers<FinishReason>());
        Assert.Equal("Chat=0 Completion=1", Numbers<GenerationKind>());
        Assert.Equal("Json=0 JsonSchema=1", Numbers<OutputFormatKind>());
        Assert.Equal(
            "Completion=0 Tools=1 Insert=2 Vision=3 Embedding=4 Thinking=5 Image=6 Audio=7 Rerank=8",
            Numbers<ModelCapability>());
        Assert.StartsWith(
            "NameInvalid=0 ModelNotFound=1 BlobMissing=2 CapabilityMissing=3 ThinkingUnsupported=4 OptionInvalid=5 "
            + "RequestInvalid=6 FormatInvalid=7 ContextExceeded=8 InputTooLong=9 TemplateFailed=10 QueueFull=11 "
            + "MemoryExceeded=12 LoadFailed=13 LoadTimedOut=14 RunnerStopped=15 EngineFailed=16 "
            + "EmbeddingUnsupported=17 EmbeddingNotFinite=18 ToolCallMalformed=19 ShuttingDown=20 "
            + "Canceled=21 DeadlineExceeded=22 "
            + "ModelFileInvalid=23 Unsupported=24",
            Numbers<ModelErrorCode>());
    }

    private static string Numbers<T>()
        where T : struct, Enum =>
        string.Join(' ', Enum.GetValues<T>().Select(value => $"{value}={Convert.ToInt32(value)}"));
}
