using Microsoft.Extensions.Diagnostics.HealthChecks;
using Ollama.Platform.BlobStore.Storage;

namespace Ollama.Platform.BlobStore.Upkeep;

/// <summary>
/// Whether the store's folder can be read. A folder that is not there yet is an empty store. A disk that does not
/// answer costs one thread, however often it is asked for.
/// </summary>
public sealed class StoreReadable : IHealthCheck
{
    private readonly Func<string?> _look;
    private readonly Lock _lock = new();
    private Task<string?> _looking = Task.FromResult<string?>(null);

    /// <summary>Looks at a store.</summary>
    public StoreReadable(StorePaths paths)
        : this(() => Look(paths))
    {
    }

    internal StoreReadable(Func<string?> look) => _look = look;

    /// <inheritdoc/>
    public async Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        Task<string?> looking;
        lock (_lock)
        {
            if (_looking.IsCompleted)
            {
                _looking = Task.Run(_look, CancellationToken.None);
            }

            looking = _looking;
        }

        return await looking.WaitAsync(cancellationToken) is { } obstacle
            ? HealthCheckResult.Unhealthy(obstacle)
            : HealthCheckResult.Healthy();
    }

    private static string? Look(StorePaths paths)
    {
        try
        {
            return File.Exists(paths.Root) ? "The models' folder is a file." : LookInto(paths);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // The disk's own words name the folder, which is nobody's concern outside.
            return failure is UnauthorizedAccessException
                ? "The models' folder may not be read."
                : "The models' folder cannot be read.";
        }
    }

    private static string? LookInto(StorePaths paths)
    {
        foreach (var folder in new[] { paths.Root, paths.Manifests, paths.Blobs })
        {
            try
            {
                // The first entry is enough: the disk has answered.
                _ = Directory.EnumerateFileSystemEntries(folder).Any();
            }
            catch (DirectoryNotFoundException)
            {
                // Made when the first model comes.
            }
        }

        return null;
    }
}
