using System.Diagnostics.Metrics;
using Ollama.Platform.Contracts.Models;

namespace Ollama.Platform.Silo.Models;

/// <summary>
/// Counts tokens by model: <c>ollama.tokens</c> with the tags <c>model</c> and <c>kind</c> (<c>input</c>,
/// <c>cached</c>, which is part of input, <c>output</c>, <c>proposed</c> by drafting and <c>accepted</c> of these).
/// Prometheus calls it <c>ollama_tokens_total</c>.
/// </summary>
internal sealed class TokenMetrics
{
    /// <summary>Name of the meter.</summary>
    public const string MeterName = "Ollama.Platform.Silo";

    private const string ModelTag = "model";
    private const string KindTag = "kind";

    private readonly Counter<long> _tokens;

    public TokenMetrics(IMeterFactory meters) =>
        _tokens = meters.Create(MeterName).CreateCounter<long>(
            "ollama.tokens", "{token}",
            "Tokens of prompts, of those that were not computed again, of answers, and of proposals for them.");

    /// <summary>Counts what a finished generation used.</summary>
    /// <param name="model">The model's name in full: one model is one series however a client writes it.</param>
    /// <param name="usage">What it used.</param>
    public void Count(string model, GenerationUsage usage)
    {
        Add(model, "input", usage.PromptTokenCount);
        Add(model, "cached", usage.CachedTokenCount);
        Add(model, "output", usage.CompletionTokenCount);
        if (usage.ProposedTokenCount > 0)
        {
            Add(model, "proposed", usage.ProposedTokenCount);
            Add(model, "accepted", usage.AcceptedTokenCount);
        }
    }

    /// <summary>Counts the tokens of embedded texts.</summary>
    public void Count(string model, EmbeddingResult result) => Add(model, "input", result.PromptTokenCount);

    /// <summary>Counts the tokens of scored pairs.</summary>
    public void Count(string model, RerankResult result) => Add(model, "input", result.PromptTokenCount);

    private void Add(string model, string kind, int count) => _tokens.Add(
        count, new KeyValuePair<string, object?>(ModelTag, model), new KeyValuePair<string, object?>(KindTag, kind));
}
