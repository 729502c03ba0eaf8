using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Ollama.Platform.Inference.Engine;
using Ollama.Platform.UnitTests.LlamaCpp;

namespace Ollama.Platform.UnitTests.Engine;

/// <summary>Engines on the small models, and the steps that every test repeats.</summary>
internal static class LlamaEngines
{
    public static LlamaEngineLoader OpenLoader() =>
        LlamaEngineLoader.Open(new LlamaEngineOptions(), NullLoggerFactory.Instance);

    public static IEngine LoadChat(int slotCount = 4, int contextTokens = 512) => LoadChat(
        specification => specification with { SlotCount = slotCount, ContextTokens = contextTokens });

    public static IEngine LoadChat(Func<LoadSpecification, LoadSpecification> change)
    {
        using var loader = OpenLoader();
        var specification = new LoadSpecification
        {
            WeightsPath = NativeModels.ChatPath,
            ContextTokens = 512,
            SlotCount = 4,
        };
        return loader.Load(change(specification), null, TestContext.Current.CancellationToken);
    }

    public static IEngine LoadEmbed()
    {
        using var loader = OpenLoader();
        return loader.Load(
            new LoadSpecification
            {
                WeightsPath = NativeModels.EmbedPath,
                Embedding = true,
                ContextTokens = 512,
                SlotCount = 1,
            },
            null,
            TestContext.Current.CancellationToken);
    }

    /// <summary>Decodes a prompt and then greedily until an end token; returns the text.</summary>
    public static string Complete(IEngine engine, string prompt, int sequence, int tokensMax = 64)
    {
        var batch = new EngineBatch(engine.Description.BatchTokensMax);
        var tokens = engine.Tokenize(prompt, specialAdded: true, specialParsed: true);
        for (var position = 0; position < tokens.Length; position++)
        {
            batch.Add(tokens[position], position, sequence, position == tokens.Length - 1);
        }

        var text = new MemoryStream();
        for (var position = tokens.Length; position < tokens.Length + tokensMax; position++)
        {
            Assert.Equal(StepOutcome.Decoded, engine.Decode(batch));
            var token = FindHighest(engine.Logits(batch.Count - 1));
            if (engine.Pieces.IsEnd(token))
            {
                break;
            }

            text.Write(engine.Pieces[token]);
            batch.Clear();
            batch.Add(token, position, sequence, true);
        }

        return Encoding.UTF8.GetString(text.ToArray());
    }

    /// <summary>The token with the highest score; of equal ones the first.</summary>
    public static int FindHighest(ReadOnlySpan<float> logits)
    {
        var best = 0;
        for (var token = 1; token < logits.Length; token++)
        {
            best = logits[token] > logits[best] ? token : best;
        }

        return best;
    }
}
