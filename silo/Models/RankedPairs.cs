using Ollama.Platform.Contracts.Errors;
using Ollama.Platform.Contracts.Library;
using Ollama.Platform.Contracts.Models;
using Ollama.Platform.Inference.Runner;

namespace Ollama.Platform.Silo.Models;

/// <summary>
/// Turns a query and documents into the tokens that a model ranks: with the template of its weights where they have
/// one, else with the marks of its vocabulary. A document that is too long is cut, the query never.
/// </summary>
/// <param name="request">The request.</param>
/// <param name="weights">The model's weights.</param>
/// <param name="runner">Splits and joins, and knows the marks.</param>
/// <param name="tokensMax">Tokens of one pair at most.</param>
internal sealed class RankedPairs(
    RerankRequest request, WeightsDescription weights, IModelRunner runner, int tokensMax)
{
    private const string QueryPlace = "{query}";
    private const string DocumentPlace = "{document}";

    /// <summary>The tokens of each pair, in the order of the documents.</summary>
    /// <exception cref="ModelException">A pair is too long and may not be cut, or has no tokens.</exception>
    public async Task<IReadOnlyList<int[]>> BuildAsync(CancellationToken cancellationToken)
    {
        var query = weights.RerankTemplate is null ? await SplitAsync(request.Query, cancellationToken) : [];
        var pairs = new int[request.Documents.Count][];
        for (var index = 0; index < pairs.Length; index++)
        {
            pairs[index] = weights.RerankTemplate is { } template
                ? await FillAsync(template, index, cancellationToken)
                : Join(query, await SplitAsync(request.Documents[index], cancellationToken), index);
            if (pairs[index].Length == 0)
            {
                throw Refuse(ModelErrorCode.RequestInvalid, $"document {index} and the query have no tokens");
            }
        }

        return pairs;
    }

    private int[] Join(int[] query, int[] document, int index)
    {
        var marks = runner.Description.PairMarks;
        var room = tokensMax - query.Length - marks.Before.Count - marks.Between.Count - marks.Behind.Count;
        if (document.Length > room)
        {
            CheckCut(index, room);
            document = document[..room];
        }

        return [.. marks.Before, .. query, .. marks.Between, .. document, .. marks.Behind];
    }

    private async Task<int[]> FillAsync(string template, int index, CancellationToken cancellationToken)
    {
        var document = request.Documents[index];
        var tokens = await PromptAsync(document);
        if (tokens.Length <= tokensMax)
        {
            return tokens;
        }

        // Where tokens join, others come about: their number is known only when the whole was split again.
        var kept = await SplitAsync(document, cancellationToken);
        while (tokens.Length > tokensMax)
        {
            var room = kept.Length - (tokens.Length - tokensMax);
            CheckCut(index, room);
            kept = kept[..room];
            tokens = await PromptAsync(await runner.DetokenizeAsync(kept, cancellationToken));
        }

        return tokens;

        Task<int[]> PromptAsync(string text) => runner.TokenizeAsync(
            Render(template, request.Query, text), specialAdded: false, specialParsed: true, cancellationToken);
    }

    private void CheckCut(int index, int room)
    {
        if (!request.Truncate)
        {
            throw Refuse(
                ModelErrorCode.InputTooLong,
                $"document {index} and the query exceed the {tokensMax} tokens that the model can compare");
        }

        if (room < 1)
        {
            throw Refuse(
                ModelErrorCode.InputTooLong,
                $"the query leaves no room for a document in the {tokensMax} tokens that the model can compare");
        }
    }

    /// <summary>Fills in both places at once, so that a query that contains the other place keeps it as text.</summary>
    internal static string Render(string template, string query, string document) => string.Concat(
        template.Split(QueryPlace).Select((part, index) =>
            (index > 0 ? query : "") + part.Replace(DocumentPlace, document, StringComparison.Ordinal)));

    private Task<int[]> SplitAsync(string text, CancellationToken cancellationToken) =>
        runner.TokenizeAsync(text, specialAdded: false, specialParsed: false, cancellationToken);

    private ModelException Refuse(ModelErrorCode code, string detail) => new(code, request.Model, detail);
}
