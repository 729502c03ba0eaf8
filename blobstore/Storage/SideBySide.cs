using System.Runtime.ExceptionServices;

namespace Ollama.Platform.BlobStore.Storage;

/// <summary>
/// Reads many files side by side, since the disk answers many at a time. The calling thread does what no other has
/// time for; a query in parallel would wait for threads that a start does not have.
/// </summary>
public static class SideBySide
{
    /// <summary>What was read of each, in their order. What a reading throws arrives as itself.</summary>
    public static TResult[] Read<T, TResult>(
        IReadOnlyList<T> items, Func<T, TResult> read, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(items);
        ArgumentNullException.ThrowIfNull(read);
        var results = new TResult[items.Count];
        var limits = new ParallelOptions
        {
            MaxDegreeOfParallelism = Environment.ProcessorCount,
            CancellationToken = cancellationToken,
        };
        try
        {
            Parallel.For(0, results.Length, limits, index => results[index] = read(items[index]));
        }
        catch (AggregateException failures)
        {
            ExceptionDispatchInfo.Throw(failures.InnerExceptions[0]);
        }

        return results;
    }
}
