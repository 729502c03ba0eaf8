using Ollama.Platform.LlamaCpp;

namespace Ollama.Platform.Inference.Engine;

/// <summary>Loads models with llama.cpp.</summary>
internal sealed class LlamaEngineLoader(LlamaLibrary library) : IEngineLoader
{
    /// <summary>
    /// Weights that make another thread worth its barriers: the library's threads meet some 30 times a layer and spin
    /// there, so a model of a few megabytes is faster on one (measured: tiny-chat, 2 cores under load, 60 times).
    /// </summary>
    private const long WeightsBytesPerThread = 32L << 20;

    /// <summary>Sequences that one call embeds at most; more gain nothing, and each costs an output row.</summary>
    private const int EmbeddingSequenceCountMax = 64;

    /// <inheritdoc/>
    public string Version => string.Join("; ", [library.Version, .. library.Gpus.Where(IsWorthSaying)]);

    /// <inheritdoc/>
    public IReadOnlyList<DeviceDescription> ListDevices() =>
    [
        .. library.ListDevices().Select(device => new DeviceDescription(
            device.Name, device.Description, device.IsGpu, device.FreeBytes, device.TotalBytes)),
    ];

    /// <inheritdoc/>
    public IEngine Load(
        LoadSpecification specification, IProgress<float>? progress, CancellationToken cancellationToken)
    {
        LlamaModel? model = null;
        try
        {
            using var buffers = LlamaBuffers.Watch();
            model = library.LoadModel(
                new LlamaModelOptions
                {
                    Path = specification.WeightsPath,
                    GpuLayerCount = specification.GpuLayerCount,
                    MainGpu = specification.MainGpu ?? 0,
                    MemoryMapped = specification.MemoryMapped,
                },
                progress,
                cancellationToken);
            var context = model.CreateContext(ContextOptions(specification, model));
            return new LlamaEngine(model, context, buffers.TotalBytes, buffers.GpuBytes);
        }
        catch (LlamaLoadException failure)
        {
            model?.Dispose();
            throw new EngineLoadException(failure.Message, failure);
        }
    }

    /// <summary>
    /// A GPU backend is mentioned when its package is built in: its user wants to know what is missing.
    /// </summary>
    private static bool IsWorthSaying(GpuSupport gpu) => gpu.ModulePath is not null;

    private static int ThreadCount(int asked, long weightsBytes) => asked > 0
        ? Math.Min(asked, Environment.ProcessorCount)
        : (int)Math.Clamp(weightsBytes / WeightsBytesPerThread, 1, PhysicalCores.Count);

    private static LlamaContextOptions ContextOptions(LoadSpecification specification, LlamaModel model)
    {
        var contextTokens = model.ContextTokensTrained > 0
            ? Math.Min(specification.ContextTokens, model.ContextTokensTrained)
            : specification.ContextTokens;
        var threads = ThreadCount(specification.ThreadCount, model.TotalBytes);
        if (specification.Embedding)
        {
            // Attention without a mask needs a whole input in one physical batch.
            var batchTokens = Math.Max(specification.BatchTokens, contextTokens);
            return new LlamaContextOptions
            {
                CellCount = batchTokens,
                SequenceCountMax = EmbeddingSequenceCountMax,
                BatchTokens = batchTokens,
                MicroBatchTokens = batchTokens,
                ThreadCount = threads,
                Embeddings = true,
            };
        }

        return new LlamaContextOptions
        {
            CellCount = checked(contextTokens * specification.SlotCount),
            SequenceCountMax = specification.SlotCount,
            BatchTokens = specification.BatchTokens,
            MicroBatchTokens = Math.Min(specification.BatchTokens, 512),
            ThreadCount = threads,
            OutputCountMax = specification.SlotCount,
        };
    }
}
