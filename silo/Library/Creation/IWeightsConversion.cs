using Ollama.Platform.Contracts.Library;

namespace Ollama.Platform.Silo.Library.Creation;

/// <summary>Makes a GGUF file of a model or an adapter that has another format.</summary>
internal interface IWeightsConversion
{
    /// <summary>Converts; what it wrote is checked like an uploaded file.</summary>
    /// <param name="source">The files.</param>
    /// <param name="targetPath">The file to write; it does not exist. Whoever asked removes it after a failure.</param>
    /// <param name="report">Takes steps beyond the one that says that a conversion begins.</param>
    /// <param name="cancellationToken">Ends the work early.</param>
    /// <exception cref="Contracts.Errors.ModelException">The files cannot be converted.</exception>
    Task ConvertAsync(
        ConversionSource source, string targetPath, StepReport report, CancellationToken cancellationToken);
}

/// <summary>What is converted.</summary>
/// <param name="Paths">Where the content of each file lies, by its name in the model's folder.</param>
/// <param name="IsAdapter">The files are an adapter for the base, not a model.</param>
/// <param name="BasePath">The weights that the adapter is for; null for a model.</param>
internal sealed record ConversionSource(IReadOnlyDictionary<string, string> Paths, bool IsAdapter, string? BasePath);

/// <summary>Passes on a step of the creation.</summary>
internal delegate ValueTask StepReport(TransferProgress step, CancellationToken cancellationToken);
