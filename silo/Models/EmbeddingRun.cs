using Ollama.Platform.Contracts.Cluster;
using Ollama.Platform.Contracts.Errors;
using Ollama.Platform.Contracts.Models;
using Ollama.Platform.Inference.Runner;

namespace Ollama.Platform.Silo.Models;

/// <summary>Computes the vectors of one request on a loaded runner.</summary>
internal static class EmbeddingRun
{
    /// <summary>Tokenizes, cuts, computes and scales.</summary>
    /// <exception cref="ModelException">An input is too long, or a vector is not finite.</exception>
    public static async Task<EmbeddingResult> RunAsync(
        ReplicaEmbedding embedding, IModelRunner runner, long adapterKey, CancellationToken cancellationToken)
    {
        var request = embedding.Request;
        var inputs = new List<int[]>(request.Inputs.Count + request.TokenInputs.Count);
        foreach (var text in request.Inputs)
        {
            var tokens = await runner.TokenizeAsync(text, specialAdded: true, specialParsed: true, cancellationToken);
            inputs.Add(Fit(tokens, embedding, runner.Description, endKept: runner.Description.AddsEosToken));
        }

        inputs.AddRange(request.TokenInputs.Select(
            tokens => Fit([.. tokens], embedding, runner.Description, endKept: false)));

        if (inputs.Count == 0)
        {
            return new EmbeddingResult { Vectors = [] };
        }

        var vectors = await runner.EmbedAsync(inputs, adapterKey, cancellationToken);
        return vectors.All(vector => Vectors.IsFinite(vector))
            ? new EmbeddingResult
            {
                Vectors =
                [
                    .. vectors.Select(vector => Vectors.Shape(vector, request.DimensionCount, request.Normalize)),
                ],
                PromptTokenCount = inputs.Sum(input => input.Length),
            }
            : throw new ModelException(
                ModelErrorCode.EmbeddingNotFinite, request.Model, "embedding contains NaN or Inf values");
    }

    private static int[] Fit(
        int[] tokens, ReplicaEmbedding embedding, RunnerDescription description, bool endKept)
    {
        var model = embedding.Request.Model;
        if (tokens.Length == 0)
        {
            throw new ModelException(ModelErrorCode.RequestInvalid, model, "the input has no tokens");
        }

        // An input must fit into one native call besides the context.
        var limit = Math.Min(description.ContextTokens, embedding.Plan.BatchTokens);
        if (tokens.Length <= limit)
        {
            return tokens;
        }

        // The end token that was added stays at the end: pooling may look at it.
        return !embedding.Request.Truncate
            ? throw new ModelException(
                ModelErrorCode.InputTooLong, model, "the input length exceeds the context length")
            : endKept ? [.. tokens[..(limit - 1)], tokens[^1]] : tokens[..limit];
    }
}
