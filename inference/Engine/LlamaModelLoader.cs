using Ollama.Platform.LlamaCpp;
using Ollama.Platform.LlamaCpp.Loading;

namespace Ollama.Platform.Inference.Engine;

/// <summary>Reads weights, onto the GPUs that have room for them. Thread-safe.</summary>
internal sealed class LlamaModelLoader(LlamaLibrary library)
{
    /// <summary>Loads the weights of a specification.</summary>
    public LlamaModel Load(
        LoadSpecification specification, IProgress<float>? progress, CancellationToken cancellationToken) =>
        LlamaModel.Load(
            library,
            specification.WeightsPath,
            ToModelOptions(specification, cancellationToken),
            progress,
            cancellationToken);

    private LlamaModelOptions ToModelOptions(LoadSpecification specification, CancellationToken cancellationToken)
    {
        var options = new LlamaModelOptions
        {
            GpuLayerCount = specification.GpuLayerCount,
            MemoryMapped = specification.MemoryMapped,
        };
        long[] free = [.. library.ListDevices().Where(device => device.IsGpu).Select(device => device.FreeBytes)];
        if (free.Length == 0 || specification.GpuLayerCount == 0)
        {
            // Without a GPU the other settings have no meaning, and the library would refuse them.
            return options;
        }

        if (specification.MainGpu is { } main && (main < 0 || main >= free.Length))
        {
            throw new EngineLoadException($"main_gpu is {main}; GPUs are 0 to {free.Length - 1}.");
        }

        var demand = Measure(specification.WeightsPath, specification, cancellationToken);
        var wanted = specification.DraftPath is { } draftPath
            ? specification with
            {
                GpuOverheadBytes = specification.GpuOverheadBytes
                    + MeasureDraft(draftPath, specification, cancellationToken),
            }
            : specification;
        var plan = GpuPlan.Choose(free, demand, wanted);
        return options with { GpuLayerCount = plan.LayerCount, MainGpu = plan.MainGpu, GpusSplit = plan.IsSplit };
    }

    // What the model must leave, or nothing of the draft model would fit onto the GPU beside it.
    private long MeasureDraft(
        string path, LoadSpecification specification, CancellationToken cancellationToken)
    {
        try
        {
            var demand = Measure(path, specification, cancellationToken);
            return demand.TensorBytes + demand.CacheBytes;
        }
        catch (LlamaLoadException)
        {
            // Whoever loads it tells why; the model is served without it.
            return 0;
        }
    }

    private GpuDemand Measure(string path, LoadSpecification specification, CancellationToken cancellationToken)
    {
        // Reading the header takes milliseconds; a load that runs out of memory on the GPU takes as long as a good one.
        using var header = LlamaModel.Load(
            library, path, new LlamaModelOptions { HeaderOnly = true, GpuLayerCount = 0 }, null, cancellationToken);
        var cells = specification.Embedding ? specification.ContextTokens : specification.CellsWanted;
        // At 16 bits: fewer leave some room, which is no harm.
        return new GpuDemand(header.TensorBytes, cells * header.CacheCellBytes, header.LayerCount);
    }
}
