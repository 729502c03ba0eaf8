using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Ollama.Platform.Contracts.Library;

namespace Ollama.Platform.Silo.Library.Creation;

/// <summary>
/// Lets work that reports its steps be read as a stream. The work runs on the pool; a reader that leaves ends it, and
/// is not let go before the work has cleaned up.
/// </summary>
internal static class StepChannel
{
    // A reader that is this far behind holds the work up.
    private const int StepCountMax = 64;

    public static async IAsyncEnumerable<TransferProgress> RunAsync(
        Func<StepReport, CancellationToken, Task> work, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var steps = Channel.CreateBounded<TransferProgress>(StepCountMax);
        using var left = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var working = Task.Run(() => WorkAsync(work, steps.Writer, left.Token), CancellationToken.None);
        try
        {
            await foreach (var step in steps.Reader.ReadAllAsync(cancellationToken))
            {
                yield return step;
            }
        }
        finally
        {
            await left.CancelAsync();
            await working;
        }
    }

    private static async Task WorkAsync(
        Func<StepReport, CancellationToken, Task> work, ChannelWriter<TransferProgress> steps,
        CancellationToken cancellationToken)
    {
        try
        {
            await work(steps.WriteAsync, cancellationToken);
            steps.Complete();
        }
        catch (Exception failure)
        {
            // The reader meets it behind the last step.
            steps.Complete(failure);
        }
    }
}
