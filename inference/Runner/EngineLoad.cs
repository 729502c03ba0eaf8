using Ollama.Platform.Contracts.Errors;
using Ollama.Platform.Inference.Engine;
using Ollama.Platform.Inference.Sampling;

namespace Ollama.Platform.Inference.Runner;

/// <summary>Loads an engine on a thread of its own: native code blocks for seconds and would starve a pool.</summary>
internal static class EngineLoad
{
    /// <summary>Loads.</summary>
    /// <exception cref="ModelException">The load failed.</exception>
    /// <exception cref="OperationCanceledException">Nobody waits any more; nothing is left loaded.</exception>
    public static async Task<IEngine> RunAsync(
        IEngineLoader engines, LoadSpecification specification, IProgress<float>? progress,
        CancellationToken cancellationToken)
    {
        if (!specification.Embedding)
        {
            _ = FirstSample.Begin();
        }

        var engine = await StartThread(engines, specification, progress, cancellationToken);
        if (cancellationToken.IsCancellationRequested)
        {
            // Nobody is left who would unload it.
            engine.Dispose();
            cancellationToken.ThrowIfCancellationRequested();
        }

        return engine;
    }

    /// <summary>What a runner says of an engine.</summary>
    public static RunnerDescription Describe(
        EngineDescription engine, LoadSpecification specification, TimeSpan loadDuration)
    {
        var limits = RunnerServer.LimitsOf(engine, specification);
        return new RunnerDescription
        {
            ContextTokens = limits.ContextTokens,
            SlotCount = limits.SlotCount,
            CellCount = engine.CellCount,
            CacheUnified = engine.CacheUnified,
            EmbeddingLength = engine.EmbeddingLength,
            AddsBosToken = engine.AddsBosToken,
            AddsEosToken = engine.AddsEosToken,
            PairMarks = engine.PairMarks,
            CanShift = engine.CanShift && engine.CanCut,
            TotalBytes = engine.TotalBytes,
            VramBytes = engine.VramBytes,
            DraftRefusal = engine.DraftRefusal,
            LoadDuration = loadDuration,
        };
    }

    private static Task<IEngine> StartThread(
        IEngineLoader engines, LoadSpecification specification, IProgress<float>? progress,
        CancellationToken cancellationToken)
    {
        var loaded = new TaskCompletionSource<IEngine>(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(() =>
        {
            try
            {
                loaded.SetResult(engines.Load(specification, progress, cancellationToken));
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                loaded.SetCanceled(cancellationToken);
            }
            catch (Exception exception)
            {
                var code = exception is EngineLoadException { IsOutOfMemory: true }
                    ? ModelErrorCode.MemoryExceeded
                    : ModelErrorCode.LoadFailed;
                loaded.SetException(new ModelException(new Refusal(code, Model: null, exception.Message), exception));
            }
        })
        {
            IsBackground = true,
            Name = "load",
        };
        thread.Start();
        return loaded.Task;
    }
}
