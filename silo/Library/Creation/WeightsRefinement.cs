using Ollama.Platform.BlobStore.Gguf;
using Ollama.Platform.BlobStore.Manifests;
using Ollama.Platform.Contracts.Errors;
using Ollama.Platform.Contracts.Library;

namespace Ollama.Platform.Silo.Library.Creation;

/// <summary>Quantizes the weights of a model that is being made, or of its draft model, where asked to.</summary>
internal sealed class WeightsRefinement(IEnumerable<IWeightsQuantization> quantizations)
{
    // What a client's bar of this step is known by.
    private const string ProgressKey = "0000000000000000000";

    private static readonly HashSet<string> Targets = ["F32", "F16", "BF16", "Q4_K_S", "Q4_K_M", "Q8_0"];
    private static readonly HashSet<string> Sources = ["F32", "F16", "BF16"];

    /// <summary>The file type that a request names.</summary>
    /// <exception cref="ModelException">It is not known.</exception>
    public static string ReadTarget(string type)
    {
        var target = type.ToUpperInvariant() is "Q4_K" ? "Q4_K_M" : type.ToUpperInvariant();
        return Targets.Contains(target) ? target : throw Failure(
            $"unsupported quantization type {target} - supported types are F32, F16, Q4_K_S, Q4_K_M, Q8_0");
    }

    /// <summary>Puts quantized weights in the place of the given ones, unless they are of that type already.</summary>
    /// <param name="parts">The parts of the model.</param>
    /// <param name="mediaType">Whose weights.</param>
    /// <param name="type">The type to quantize to, in any case; empty keeps them as they are.</param>
    /// <param name="store">Where the result goes.</param>
    /// <param name="report">Hears how far it is.</param>
    /// <param name="cancellationToken">Ends the work early.</param>
    /// <exception cref="ModelException">The type is not known, or the weights are quantized already.</exception>
    public async Task QuantizeAsync(
        ModelParts parts, string mediaType, string type, PartStore store, StepReport report,
        CancellationToken cancellationToken)
    {
        if (type.Length == 0)
        {
            return;
        }

        var target = ReadTarget(type);
        if (parts.Find(mediaType) is not { File: { } file } weights)
        {
            return;
        }

        var source = FileTypes.NameOf(file);
        if (source == target)
        {
            return;
        }

        if (!Sources.Contains(source))
        {
            throw Failure("quantization is only supported for F16, BF16 and F32 models");
        }

        var quantization = quantizations.FirstOrDefault()
            ?? throw Failure("weights cannot be quantized by this server");
        var subject = mediaType == MediaTypes.Model ? "model" : "draft model";
        var step = new TransferProgress($"quantizing {source} {subject} to {target}", TotalBytes: file.FileBytes)
        {
            Key = ProgressKey,
        };
        await report(step, cancellationToken);
        var quantized = await store.MakeAsync(
            mediaType,
            path => QuantizeAsync(
                quantization, store.Find(weights.Layer.Digest), path, target, step, report, cancellationToken),
            cancellationToken);
        parts.Replace(weights, quantized);
        if (mediaType == MediaTypes.Model)
        {
            parts.Config = parts.Config with { FileType = null };
        }
    }

    private static async Task QuantizeAsync(
        IWeightsQuantization quantization, string source, string target, string type, TransferProgress step,
        StepReport report, CancellationToken cancellationToken)
    {
        var last = Task.CompletedTask;
        await quantization.QuantizeAsync(source, target, type, Advance, cancellationToken);
        await last;
        await report(step with { CompletedBytes = step.TotalBytes }, cancellationToken);

        void Advance(long done)
        {
            // The work does not wait for a reader: a bar that misses a step is no loss.
            if (Volatile.Read(ref last).IsCompleted)
            {
                last = report(step with { CompletedBytes = done }, cancellationToken).AsTask();
            }
        }
    }

    private static ModelException Failure(string detail) => new(ModelErrorCode.Unsupported, detail: detail);
}
