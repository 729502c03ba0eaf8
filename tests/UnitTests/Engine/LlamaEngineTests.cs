using Ollama.Platform.UnitTests.LlamaCpp;

namespace Ollama.Platform.UnitTests.Engine;

public sealed class LlamaEngineTests
{
    [Fact]
    public void A_chat_prompt_is_answered_as_the_model_was_taught()
    {
        using var engine = LlamaEngines.LoadChat();

        Assert.Equal(NativeModels.Answer, LlamaEngines.Complete(engine, NativeModels.Question, sequence: 2));
    }
}
