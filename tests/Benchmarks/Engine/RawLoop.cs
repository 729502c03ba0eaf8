using Microsoft.Extensions.Logging.Abstractions;
using Ollama.Platform.Inference.Engine;
using Ollama.Platform.Inference.Sampling;

namespace Ollama.Platform.Benchmarks.Engine;

/// <summary>
/// The reference: native decoding and the sampler in a bare loop, without scheduler, text, queue, thread switch or
/// HTTP. It keeps the cells of an equal prompt, as the product does.
/// </summary>
internal sealed class RawLoop : IDisposable
{
    /// <summary>Tokens that a sequence may occupy, on both sides.</summary>
    public const int ContextTokens = 2048;

    /// <summary>Seeds the random stream, on both sides: the same tokens come out.</summary>
    public const int Seed = 1;

    private readonly IEngine _engine;
    private readonly EngineBatch _batch;
    private readonly SamplerScratch _scratch;
    private int[] _computed = [];

    public RawLoop(string weightsPath, int threadCount)
    {
        _engine = Load(weightsPath, threadCount);
        _batch = new EngineBatch(_engine.Description.BatchTokensMax);
        _scratch = new SamplerScratch(_engine.Description.VocabularySize);
    }

    /// <summary>Loads a model with one slot.</summary>
    public static IEngine Load(string weightsPath, int threadCount) =>
        LlamaEngineLoader.Open(new LlamaEngineOptions(), NullLoggerFactory.Instance).Load(
            new LoadSpecification
            {
                WeightsPath = weightsPath,
                ContextTokens = ContextTokens,
                SlotCount = 1,
                ThreadCount = threadCount,
            },
            progress: null,
            CancellationToken.None);

    /// <summary>Continues a prompt and returns the number of tokens.</summary>
    public int Generate(string prompt, int tokensMax)
    {
        var tokens = _engine.Tokenize(prompt, specialAdded: true, specialParsed: true);
        var sampler = new SamplerChain(new SamplingOptions(), Seed, ContextTokens);
        foreach (var token in tokens)
        {
            sampler.Accept(token);
        }

        var output = Prefill(tokens);
        for (var count = 1; ; count++)
        {
            var token = sampler.Sample(_engine.Logits(output), _scratch);
            sampler.Accept(token);
            if (count == tokensMax || _engine.Pieces.IsEnd(token))
            {
                return count;
            }

            _batch.Clear();
            output = _batch.Add(token, tokens.Length + count - 1, sequence: 0, output: true);
            Decode();
        }
    }

    public void Dispose() => _engine.Dispose();

    private int Prefill(int[] tokens)
    {
        // The last token is computed again, since its logits were not kept.
        var kept = Math.Min(tokens.AsSpan().CommonPrefixLength(_computed), tokens.Length - 1);
        _engine.RemoveCells(sequence: 0, kept, -1);
        _computed = tokens;
        var output = 0;
        while (kept < tokens.Length)
        {
            _batch.Clear();
            for (; kept < tokens.Length && _batch.Room > 0; kept++)
            {
                output = _batch.Add(tokens[kept], kept, sequence: 0, output: kept == tokens.Length - 1);
            }

            Decode();
        }

        return output;
    }

    private void Decode()
    {
        if (_engine.Decode(_batch) is not StepOutcome.Decoded and var outcome)
        {
            throw new InvalidOperationException($"The engine answered {outcome}.");
        }
    }
}
