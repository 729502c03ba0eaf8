using Microsoft.Extensions.Logging;
using Ollama.Platform.Contracts.Cluster;
using Ollama.Platform.LlamaCpp;
using Ollama.Platform.LlamaCpp.Loading;

namespace Ollama.Platform.Inference.Engine;

/// <summary>
/// Loads the draft model beside a model. Answers are the same without it, so that one which cannot be used is told of
/// and left out. Thread-safe.
/// </summary>
internal sealed partial class LlamaDraftLoader(LlamaModelLoader models, ILogger<LlamaDraftLoader> logger)
{
    /// <summary>Adds the draft model, or why there is none.</summary>
    /// <param name="specification">What was asked for.</param>
    /// <param name="target">What the model was made of that its tokens are for.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    public LlamaEngineParts Load(
        LoadSpecification specification, LlamaEngineParts target, CancellationToken cancellationToken)
    {
        if (specification.DraftPath is not { } path || specification.Embedding)
        {
            return target;
        }

        if (target.Model.HasRecurrentState)
        {
            return LeaveOut(target, path, "the state of the model cannot be cut where a proposal was wrong");
        }

        try
        {
            return target with { Draft = LoadEngine(ToDraft(specification, path), target, cancellationToken) };
        }
        catch (LlamaLoadException failure)
        {
            return LeaveOut(target, path, failure.Message);
        }
    }

    private LlamaEngineParts LeaveOut(LlamaEngineParts target, string path, string reason)
    {
        Log.LeftOut(logger, path, reason);
        return target with { DraftRefusal = reason };
    }

    private LlamaEngine LoadEngine(
        LoadSpecification specification, LlamaEngineParts target, CancellationToken cancellationToken)
    {
        var model = models.Load(specification, progress: null, cancellationToken);
        LlamaContext? context = null;
        try
        {
            ThrowIfUnusable(model, target.Pieces);
            var sizes = LlamaEngineSizes.Choose(specification, model);
            context = LlamaContext.Create(
                model,
                sizes with
                {
                    OutputCount = specification.SlotCount,
                    ThreadCount = Math.Min(sizes.ThreadCount, target.Context.ThreadCount),
                },
                lender: target.Context);
            if (!context.HasCache)
            {
                throw new LlamaLoadException("it is an encoder");
            }

            return new LlamaEngine(new LlamaEngineParts
            {
                Model = model,
                Context = context,
                Pieces = target.Pieces,
                Threads = context.ThreadCount > 1 ? target.Threads : null,
            });
        }
        catch
        {
            context?.Dispose();
            model.Dispose();
            throw;
        }
    }

    // Its cache is small beside the model's; keys of its own width need not come in whole blocks.
    private static LoadSpecification ToDraft(LoadSpecification specification, string path) => specification with
    {
        WeightsPath = path,
        DraftPath = null,
        CacheUnified = true,
        KeyValueType = KeyValueType.F16,
        RopeFrequencyBase = 0,
        RopeFrequencyScale = 0,
    };

    private static void ThrowIfUnusable(LlamaModel model, PieceTable pieces)
    {
        if (!model.Vocabulary.HasTokenizer)
        {
            throw new LlamaLoadException("it has no tokenizer");
        }

        if (!model.HasDecoder || model.HasEncoder || model.IsDiffusion || !model.IsCausal)
        {
            throw new LlamaLoadException("it does not generate text token by token");
        }

        if (model.HasRecurrentState)
        {
            throw new LlamaLoadException("its state cannot be cut where a proposal was wrong");
        }

        if (LlamaPieces.ExplainDifference(pieces, model.Vocabulary) is { } difference)
        {
            throw new LlamaLoadException($"it has another vocabulary: {difference}");
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "The draft model {Path} is not used: {Reason}")]
        public static partial void LeftOut(ILogger logger, string path, string reason);
    }
}
