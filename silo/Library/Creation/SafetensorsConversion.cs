using Ollama.Platform.BlobStore.Conversion;
using Ollama.Platform.BlobStore.Gguf;
using Ollama.Platform.Contracts.Errors;

namespace Ollama.Platform.Silo.Library.Creation;

/// <summary>Makes GGUF of models and adapters in Hugging Face's layout, on a thread of its own.</summary>
internal sealed class SafetensorsConversion : IWeightsConversion
{
    /// <inheritdoc/>
    public Task ConvertAsync(
        ConversionSource source, string targetPath, StepReport report, CancellationToken cancellationToken) =>
        Task.Factory.StartNew(
            () => Convert(source, targetPath, cancellationToken), cancellationToken, TaskCreationOptions.LongRunning,
            TaskScheduler.Default);

    private static void Convert(ConversionSource source, string targetPath, CancellationToken cancellationToken)
    {
        var request = new ConversionRequest { Source = new ModelFolder(source.Paths), TargetPath = targetPath };
        try
        {
            if (source.IsAdapter)
            {
                AdapterConverter.Convert(request, GgufFile.Read(source.BasePath!), cancellationToken);
            }
            else
            {
                ModelConverter.Convert(request, cancellationToken);
            }
        }
        catch (Exception failure) when (failure is ConversionException or GgufException)
        {
            throw new ModelException(
                new Refusal(ModelErrorCode.ModelFileInvalid, null, failure.Message), failure);
        }
    }
}
