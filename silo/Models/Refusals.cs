using System.Runtime.CompilerServices;
using Ollama.Platform.Contracts.Errors;
using Ollama.Platform.Prompting.Parsing;
using Ollama.Platform.Prompting.Rendering;

namespace Ollama.Platform.Silo.Models;

/// <summary>Turns refusals that are thrown within an actor into the data in which they leave it.</summary>
internal static class Refusals
{
    /// <summary>The stream, with a refusal as its last item where it threw one.</summary>
    /// <param name="items">The stream.</param>
    /// <param name="wrap">Makes an item of a refusal.</param>
    /// <param name="cancellationToken">Ends the stream early.</param>
    public static async IAsyncEnumerable<T> AsItemsAsync<T>(
        this IAsyncEnumerable<T> items, Func<Refusal, T> wrap,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var enumerator = items.GetAsyncEnumerator(cancellationToken);
        while (true)
        {
            T item;
            Refusal? refusal = null;
            try
            {
                if (!await enumerator.MoveNextAsync())
                {
                    yield break;
                }

                item = enumerator.Current;
            }
            catch (Exception exception) when ((refusal = Of(exception)) is not null)
            {
                item = wrap(refusal);
            }

            yield return item;
            if (refusal is not null)
            {
                yield break;
            }
        }
    }

    /// <summary>The refusal that an exception stands for; null for one that is no refusal.</summary>
    public static Refusal? Of(Exception exception) => exception switch
    {
        ModelException refused => refused.Refusal,
        TemplateException => new Refusal(ModelErrorCode.TemplateFailed, null, exception.Message),
        OutputFormatException => new Refusal(ModelErrorCode.ToolCallMalformed, null, exception.Message),
        _ => null,
    };
}
