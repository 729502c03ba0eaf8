using Ollama.Platform.Inference.Engine;
using Ollama.Platform.UnitTests.LlamaCpp;

namespace Ollama.Platform.UnitTests.Engine;

/// <summary>LoRA adapters beside weights that are loaded once.</summary>
public sealed class LlamaAdapterTests
{
    [Fact]
    public void Adapters_come_and_go_without_the_weights_being_loaded_again()
    {
        using var engine = LlamaEngines.LoadChat();
        Assert.Equal(NativeModels.Answer, Complete(engine));
        var bytes = engine.LoadAdapters(7, [NativeModels.AdapterPath]);
        // 131,072 numbers of 16 bits.
        Assert.InRange(bytes.TotalBytes, 250_000, 1_000_000);
        Assert.Equal(0, bytes.VramBytes);
        Assert.True(engine.HasAdapters(7));
        Assert.Equal(NativeModels.Answer, Complete(engine));

        engine.UseAdapters(7);
        var pirate = Complete(engine);
        Assert.StartsWith("Arr, matey!", pirate, StringComparison.Ordinal);
        engine.LoadAdapters(8, [NativeModels.AdapterPath]);
        engine.UseAdapters(8);
        Assert.Equal(pirate, Complete(engine));
        engine.DropAdapters(7);
        Assert.Equal(pirate, Complete(engine));

        // Those in use.
        engine.DropAdapters(8);
        Assert.Equal(NativeModels.Answer, Complete(engine));
        Assert.False(engine.HasAdapters(8));
        engine.LoadAdapters(8, [NativeModels.AdapterPath]);
        engine.UseAdapters(8);
        Assert.Equal(pirate, Complete(engine));
    }

    [Fact]
    public void An_adapter_that_does_not_fit_leaves_the_engine_as_it_was()
    {
        using var engine = LlamaEngines.LoadChat();
        foreach (var bad in (string[])[NativeModels.EmbedPath, "/nowhere.gguf"])
        {
            Assert.Throws<EngineLoadException>(() => engine.LoadAdapters(1, [NativeModels.AdapterPath, bad]));
        }

        Assert.False(engine.HasAdapters(1));
        Assert.Throws<ArgumentException>(() => engine.LoadAdapters(0, [NativeModels.AdapterPath]));
        Assert.Equal(NativeModels.Answer, Complete(engine));
    }

    [Fact]
    public void A_change_of_adapters_allocates_nothing_of_ours()
    {
        using var engine = LlamaEngines.LoadChat();
        engine.LoadAdapters(1, [NativeModels.AdapterPath]);
        engine.UseAdapters(1);
        engine.UseAdapters(0);
        var before = GC.GetAllocatedBytesForCurrentThread();
        engine.UseAdapters(1);
        engine.UseAdapters(0);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static string Complete(IEngine engine)
    {
        engine.ClearCells();
        return LlamaEngines.Complete(engine, NativeModels.Question, sequence: 0);
    }
}
