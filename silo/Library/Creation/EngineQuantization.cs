using Ollama.Platform.BlobStore.Gguf;
using Ollama.Platform.Contracts.Errors;
using Ollama.Platform.Inference.Engine;

namespace Ollama.Platform.Silo.Library.Creation;

/// <summary>Quantizes with the engine and checks what it wrote.</summary>
internal sealed class EngineQuantization(IWeightsQuantizer quantizer) : IWeightsQuantization
{
    /// <inheritdoc/>
    public async Task QuantizeAsync(
        string sourcePath, string targetPath, string type, Action<long> progress, CancellationToken cancellationToken)
    {
        try
        {
            var source = GgufFile.Read(sourcePath);
            await quantizer.QuantizeAsync(
                sourcePath, targetPath, type,
                done => progress(Math.Min(done, source.FileBytes)), cancellationToken);
            QuantizedWeights.Check(source, targetPath, type);
        }
        catch (Exception failure) when (failure is QuantizationException or GgufException)
        {
            throw new ModelException(
                new Refusal(ModelErrorCode.ModelFileInvalid, null, failure.Message), failure);
        }
    }
}
