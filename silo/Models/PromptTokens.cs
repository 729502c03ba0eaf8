using Ollama.Platform.Contracts.Errors;
using Ollama.Platform.Contracts.Library;
using Ollama.Platform.Contracts.Models;
using Ollama.Platform.Inference.Runner;
using Ollama.Platform.Prompting.Rendering;

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
        var context = runner.Description.ContextTokens;
        var (prompt, tokens) = await MeasureAsync(request, model, runner, cancellationToken);
        if (tokens.Length >= context && request is { Truncate: true, Kind: GenerationKind.Chat })
        {
            (prompt, tokens) = await DropMessagesAsync(request, model, runner, cancellationToken);
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

    /// <summary>Renders and tokenizes the whole prompt, whether it fits or not.</summary>
    public async Task<(AssembledPrompt Prompt, int[] Tokens)> MeasureAsync(
        GenerationRequest request, ModelDescription model, IModelRunner runner, CancellationToken cancellationToken)
    {
        var prompt = await Task.Run(
            () => assembler.Assemble(request, model, cancellationToken), cancellationToken);
        return (prompt, await TokenizeAsync(request, prompt, runner, cancellationToken));
    }

    /// <summary>
    /// Keeps the beginning and the end, so that room for the answer is left as after a context shift.
    /// </summary>
    internal static int[] Cut(int[] tokens, int context, int keep)
    {
        keep = Math.Clamp(keep, 0, context - 2);
        var length = context - Math.Max((context - keep) / 2, 1);
        return [.. tokens[..keep], .. tokens[^(length - keep)..]];
    }

    private async Task<(AssembledPrompt Prompt, int[] Tokens)> DropMessagesAsync(
        GenerationRequest request, ModelDescription model, IModelRunner runner, CancellationToken cancellationToken)
    {
        var messages = await ConversationWindow.FitAsync(
            Conversation.Of(request, model), runner.Description.ContextTokens - 1, CountAsync, cancellationToken);
        return await RenderAsync(messages, cancellationToken);

        async Task<(AssembledPrompt Prompt, int[] Tokens)> RenderAsync(
            IReadOnlyList<ChatMessage> kept, CancellationToken token)
        {
            var prompt = await Task.Run(() => assembler.Render(request, model, kept, token), token);
            return (prompt, await TokenizeAsync(request, prompt, runner, token));
        }

        async ValueTask<int?> CountAsync(IReadOnlyList<ChatMessage> kept, CancellationToken token)
        {
            try
            {
                return (await RenderAsync(kept, token)).Tokens.Length;
            }
            catch (TemplateException)
            {
                // Some templates refuse a conversation that begins with an answer; another cut may please them.
                return null;
            }
        }
    }

    /// <summary>A context stands in front of the prompt and brings its own beginning token.</summary>
    private static async Task<int[]> TokenizeAsync(
        GenerationRequest request, AssembledPrompt prompt, IModelRunner runner, CancellationToken cancellationToken)
    {
        if (request.PromptTokens.Count > 0)
        {
            return [.. request.PromptTokens];
        }

        var first = request.Context.Count == 0;
        var tokens = await runner.TokenizeAsync(prompt.Text, first, specialParsed: true, cancellationToken);
        return first ? tokens : [.. request.Context, .. tokens];
    }
}
