using Microsoft.Extensions.DependencyInjection;
using Ollama.Platform.Contracts.Files;
using Ollama.Platform.Contracts.Records;

namespace Ollama.Platform.Silo.Records;

/// <summary>Registers the records of one machine.</summary>
public static class FileRecordsServices
{
    /// <summary>
    /// Adds <see cref="IRecords"/> and <see cref="IFileContents"/> as files beside the blob store, which must be
    /// registered as well.
    /// </summary>
    public static IServiceCollection AddFileRecords(this IServiceCollection services) =>
        services.AddSingleton<IRecords, FileRecords>().AddSingleton<IFileContents, FileContents>();
}
