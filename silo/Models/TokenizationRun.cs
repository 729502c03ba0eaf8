using System.Diagnostics;
using Ollama.Platform.Contracts.Cluster;
using Ollama.Platform.Contracts.Models;
using Ollama.Platform.Inference.Runner;

namespace Ollama.Platform.Silo.Models;

/// <summary>Splits a text or joins tokens on a loaded runner.</summary>
internal static class TokenizationRun
{
    /// <summary>Answers whichever request is set.</summary>
    public static async Task<ReplicaReply> RunAsync(
        ReplicaTokenization request, IModelRunner runner, TimeSpan loadDuration, CancellationToken cancellationToken)
    {
        switch (request)
        {
            case { Tokenize: { } tokenize, Detokenize: null }:
                var tokens = await runner.TokenizeAsync(
                    tokenize.Text, tokenize.SpecialAdded, tokenize.SpecialParsed, cancellationToken);
                return new ReplicaReply
                {
                    Tokenized = new TokenizeResult { Tokens = tokens, LoadDuration = loadDuration },
                };
            case { Detokenize: { } detokenize, Tokenize: null }:
                var text = await runner.DetokenizeAsync(detokenize.Tokens, cancellationToken);
                return new ReplicaReply
                {
                    Detokenized = new DetokenizeResult { Text = text, LoadDuration = loadDuration },
                };
            default:
                throw new UnreachableException("A request either splits or joins.");
        }
    }
}
