using Ollama.Platform.Contracts.Cluster;
using Ollama.Platform.Contracts.Errors;
using Ollama.Platform.Contracts.Models;
using Ollama.Platform.Inference.Runner;

namespace Ollama.Platform.Silo.Models;

/// <summary>Scores the documents of one request on a loaded runner.</summary>
internal static class RerankRun
{
    /// <summary>Puts each document together with the query, computes, and brings the scores between 0 and 1.</summary>
    /// <exception cref="ModelException">A pair is too long, or a score is no number.</exception>
    public static async Task<RerankResult> RunAsync(
        ReplicaReranking reranking, IModelRunner runner, long adapterKey, CancellationToken cancellationToken)
    {
        var request = reranking.Request;
        var limit = Math.Min(runner.Description.ContextTokens, reranking.Plan.BatchTokens);
        var pairs = await new RankedPairs(request, reranking.Plan.Model.WeightsDescription, runner, limit)
            .BuildAsync(cancellationToken);
        if (pairs.Count == 0)
        {
            return new RerankResult { Scores = [] };
        }

        var vectors = await runner.EmbedAsync(pairs, adapterKey, cancellationToken);
        return vectors.All(vector => float.IsFinite(vector[0]))
            ? new RerankResult
            {
                Scores = [.. vectors.Select(vector => Score(vector[0], request, reranking.Plan))],
                PromptTokenCount = pairs.Sum(pair => pair.Length),
            }
            : throw new ModelException(
                ModelErrorCode.EngineFailed, request.Model, "the model gave a score that is no number");
    }

    // Of several classes the first is the one that means a match.
    private static float Score(float value, RerankRequest request, LoadPlan plan) =>
        request.RawScores || IsProbability(plan.Model.WeightsDescription.Architecture)
            ? value
            : (float)(1 / (1 + Math.Exp(-value)));

    // Llama.cpp ends these graphs with a softmax over their classes.
    private static bool IsProbability(string architecture) => architecture is "qwen3" or "qwen3vl";
}
