using Microsoft.Extensions.Logging;
using Ollama.Platform.Contracts.Files;

namespace Ollama.Platform.Api.Batches;

/// <summary>Makes files for clients of what gathered while a batch ran. Any thread.</summary>
internal sealed partial class ResultFiles(
    FileStore files, IFileContents contents, ILogger<ResultFiles> logger)
{
    /// <summary>Makes a file of results, once; null when there are none.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="name">What it is called.</param>
    /// <param name="bytes">Its length.</param>
    /// <param name="life">How long it is kept; null for the usual time.</param>
    /// <param name="cancellationToken">Ends the call early.</param>
    public async Task<string?> PublishAsync(
        string id, string name, long bytes, TimeSpan? life, CancellationToken cancellationToken)
    {
        if (bytes == 0)
        {
            await files.DiscardAsync(id);
            return null;
        }

        if (await files.FindAsync(id, cancellationToken) is null)
        {
            await files.AddAsync(id, name, FileStore.Output, bytes, life, cancellationToken);
        }

        return id;
    }

    /// <summary>Makes a file of what is whole of results whose run broke off; null when there are none.</summary>
    public async Task<string?> SalvageAsync(string id, string name, TimeSpan? life)
    {
        try
        {
            long bytes;
            await using (var content = await contents.OpenAloneAsync(id, CancellationToken.None))
            {
                if (content is null)
                {
                    return null;
                }

                await using var results = await ResultFile.OpenAsync(content, done: null, CancellationToken.None);
                bytes = results.Bytes;
            }

            return await PublishAsync(id, name, bytes, life, CancellationToken.None);
        }
        catch (Exception failure)
        {
            // The disk that failed the batch, mostly. Whatever it is, the batch must come to its end.
            Log.NotSalvaged(logger, id, failure);
            return null;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "The results {Id} of a batch that failed are left on the disk.")]
        public static partial void NotSalvaged(ILogger logger, string id, Exception exception);
    }
}
