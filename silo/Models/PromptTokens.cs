using Ollama.Platform.Contracts.Errors;
using Ollama.Platform.Contracts.Library;
using Ollama.Platform.Contracts.Models;
using Ollama.Platform.Inference.Runner;

namespace Ollama.Platform.Silo.Models;

/// <summary>
/// Turns a request into prompt tokens that fit the context: drops the oldest messages of a chat, then cuts the prompt.
/// Rendering runs on the pool; no state of the replica is touched.
/// </summary>
internal sealed class PromptTokens(PromptAssembler assembler)
{
    private const string Exceeded =
        "the prompt is longer than the context length currently available to the model; shorten the prompt, adjust "
        + "the context length in settings, or use a model with a longer context length";

    /// <summary>Renders and tokenizes.</summary>
    /// <param name="request">The request.</param>
    /// <param name="model">The model as the request resolved it.</param>
    /// <param name="runner">Tokenizes, and knows the context length.</param>
    /// <param name="keepTokens">Prompt tokens that a cut keeps in front, before the beginning token is counted.</param>
    /// <param name="cancellationToken">Ends the work early.</param>
    /// <exception cref="ModelException">The prompt is too long and may not be cut, or empty.</exception>
    public async Task<(AssembledPrompt Prompt, int[] Tokens)> BuildAsync(
        GenerationRequest request, ModelDescription model, IModelRunner runner, int keepTokens,
        CancellationToken cancellationToken)
    {
        var (prompt, tokens) = await RenderAsync(request, model, dropCount: 0, runner, cancellationToken);
        var context = runner.Description.ContextTokens;
        if (tokens.Length >= context && request is { Truncate: true, Kind: GenerationKind.Chat })
        {
            (prompt, tokens) = await DropMessagesAsync(request, model, runner, context, cancellationToken);
        }

        if (tokens.Length == 0)
        {
            throw new ModelException(ModelErrorCode.RequestInvalid, request.Model, "the prompt has no tokens");
        }

        return tokens.Length < context ? (prompt, tokens)
            : request is { Truncate: true, Shift: not false }
                ? (prompt, Cut(tokens, context, keepTokens + (runner.Description.AddsBosToken ? 1 : 0)))
                : throw new ModelException(ModelErrorCode.ContextExceeded, request.Model, Exceeded);
    }

    /// <summary>Keeps the beginning and the end, so that room for the answer is left as after a context shift.</summary>
    internal static int[] Cut(int[] tokens, int context, int keep)
    {
        keep = Math.Clamp(keep, 0, context - 2);
        var length = context - Math.Max((context - keep) / 2, 1);
        return [.. tokens[..keep], .. tokens[^(length - keep)..]];
    }

    /// <summary>Finds the fewest messages to drop; a prompt without more messages is no longer, so halving finds it.</summary>
    private async Task<(AssembledPrompt Prompt, int[] Tokens)> DropMessagesAsync(
        GenerationRequest request, ModelDescription model, IModelRunner runner, int context,
        CancellationToken cancellationToken)
    {
        var droppable = Droppable(Conversation.Of(request, model));
        var (low, high) = (1, droppable.Count);
        (AssembledPrompt Prompt, int[] Tokens)? fitting = null;
        while (low <= high)
        {
            var middle = (low + high) / 2;
            var tried = await RenderAsync(request, model, middle, runner, cancellationToken);
            if (tried.Tokens.Length < context)
            {
                (fitting, high) = (tried, middle - 1);
            }
            else
            {
                low = middle + 1;
            }
        }

        return fitting ?? await RenderAsync(request, model, droppable.Count, runner, cancellationToken);
    }

    private async Task<(AssembledPrompt Prompt, int[] Tokens)> RenderAsync(
        GenerationRequest request, ModelDescription model, int dropCount, IModelRunner runner,
        CancellationToken cancellationToken)
    {
        var prompt = await Task.Run(() => Assemble(request, model, dropCount), cancellationToken);

        // A template writes the beginning token as text where the tokenizer would add it again.
        var text = prompt.Text;
        var bos = model.WeightsDescription.BosToken;
        var bosWritten = !request.Raw && bos is { Length: > 0 } && text.StartsWith(bos, StringComparison.Ordinal);
        var specialAdded = !bosWritten && request.Context.Count == 0;
        var tokens = await runner.TokenizeAsync(text, specialAdded, specialParsed: true, cancellationToken);
        return (prompt, request.Context.Count == 0 ? tokens : [.. request.Context, .. tokens]);
    }

    private AssembledPrompt Assemble(GenerationRequest request, ModelDescription model, int dropCount)
    {
        if (dropCount == 0)
        {
            return assembler.Assemble(request, model);
        }

        var messages = Conversation.Of(request, model);
        var dropped = Droppable(messages).Take(dropCount).ToHashSet();
        return assembler.Render(request, model, [.. messages.Where((_, index) => !dropped.Contains(index))]);
    }

    /// <summary>Indexes of the messages that may go, oldest first: not the system's and not the last.</summary>
    private static List<int> Droppable(IReadOnlyList<ChatMessage> messages) =>
        [.. Enumerable.Range(0, Math.Max(messages.Count - 1, 0)).Where(index => messages[index].Role != "system")];
}
