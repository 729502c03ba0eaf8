using System.Text.Json.Serialization;
using Ollama.Platform.Api.GoJson;
using Ollama.Platform.Api.Ollama.Requests;
using Ollama.Platform.Contracts.Models;

namespace Ollama.Platform.Api.Ollama.Wire;

/// <summary>The answer of <c>/api/rerank</c>.</summary>
internal sealed record RerankReply
{
    /// <summary>The model as the client wrote it.</summary>
    public required string Model { get; init; }

    /// <summary>The best first.</summary>
    public required IReadOnlyList<RerankItem> Results { get; init; }

    /// <summary>Nanoseconds from arrival to the last score.</summary>
    public long TotalDuration { get; init; }

    /// <summary>Nanoseconds of waiting for the model.</summary>
    public long LoadDuration { get; init; }

    /// <summary>Tokens of all pairs of query and document.</summary>
    public int PromptEvalCount { get; init; }
}

/// <summary>One document with its score, here and on <c>/v1/rerank</c>.</summary>
internal sealed record RerankItem
{
    /// <summary>Position among the documents of the request.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public int Index { get; init; }

    /// <summary>The higher answers better; from 0 to 1 unless the model's own numbers were asked for.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    [JsonConverter(typeof(GoSingleConverter))]
    public float RelevanceScore { get; init; }

    /// <summary>The document, where it was asked for.</summary>
    public RerankDocument? Document { get; init; }

    /// <summary>The best results of an answer; of equal ones the earlier document comes first.</summary>
    public static IReadOnlyList<RerankItem> Of(RerankBody body, RerankResult result) =>
    [
        .. result.Scores
            .Select((score, index) => new RerankItem
            {
                Index = index,
                RelevanceScore = score,
                Document = body.DocumentsReturned ? new RerankDocument(body.Documents[index]) : null,
            })
            .OrderByDescending(item => item.RelevanceScore)
            .Take(body.ResultCount),
    ];
}

/// <summary>A document as it was sent.</summary>
/// <param name="Text">Its text.</param>
internal sealed record RerankDocument(string Text);
