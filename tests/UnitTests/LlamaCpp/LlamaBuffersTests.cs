using Ollama.Platform.LlamaCpp;

namespace Ollama.Platform.UnitTests.LlamaCpp;

public sealed class LlamaBuffersTests
{
    private const long Mebibyte = 1024 * 1024;

    [Fact]
    public void Buffers_are_added_up_by_device()
    {
        using var buffers = LlamaBuffers.Watch();
        buffers.Read("load_tensors:   CPU_Mapped model buffer size =     2.00 MiB");
        buffers.Read("load_tensors:        CUDA0 model buffer size =     5.00 MiB");
        buffers.Read("sched_reserve:  CUDA_Host compute buffer size =    1.00 MiB");
        buffers.Read("llama_kv_cache:       Vulkan0 KV buffer size =     4.00 MiB");
        buffers.Read("llama_kv_cache: size =  512.00 MiB ( 4096 cells,  24 layers)");
        Assert.Equal(12 * Mebibyte, buffers.TotalBytes);
        Assert.Equal(9 * Mebibyte, buffers.GpuBytes);
    }
}
