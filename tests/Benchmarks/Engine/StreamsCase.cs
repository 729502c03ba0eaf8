using System.Globalization;
using System.Text.Json.Nodes;
using Ollama.Platform.Benchmarks.Models;

namespace Ollama.Platform.Benchmarks.Engine;

/// <summary>
/// Some streams side by side, in tokens a second of processor time or, on a GPU, of the clock, beside the peer.
/// </summary>
internal sealed record StreamsCase
{
    private const int ShortPromptTokens = 8;
    private const int LongPromptTokens = 1024;

    private static readonly (int Streams, int PromptTokens)[] GpuSizes =
    [
        (1, ShortPromptTokens), (16, ShortPromptTokens), (64, ShortPromptTokens), (16, LongPromptTokens),
    ];

    /// <summary>
    /// Tokens of each stream's own prompt; short, since what is measured is decoding. A long one is computed in the run
    /// that nobody counts, and lies in the cache from then on.
    /// </summary>
    public int PromptTokens { get; init; } = ShortPromptTokens;

    /// <summary>A GPU computes: what counts is the time that passes.</summary>
    public bool OnGpu { get; init; }

    /// <summary>Streams at once.</summary>
    public required int StreamCount { get; init; }

    /// <summary>Slots of both servers.</summary>
    public required int SlotCount { get; init; }

    /// <summary>The peer runs with the flags that Ollama gives it, not with its best.</summary>
    public bool OllamaFlags { get; init; }

    /// <summary>Whether ours keeps all sequences in one cache; null for what it chooses.</summary>
    public bool? OursIsUnified { get; init; }

    /// <summary>Penalty for repeated tokens; 1 for none.</summary>
    public double RepeatPenalty { get; init; } = 1;

    /// <summary>The output follows a schema.</summary>
    public bool HasSchema { get; init; }

    private string Name => string.Create(CultureInfo.InvariantCulture, $"decode, {StreamCount} streams")
        + (SlotCount > StreamCount ? string.Create(CultureInfo.InvariantCulture, $", {SlotCount} slots") : "")
        + (PromptTokens > ShortPromptTokens
            ? string.Create(CultureInfo.InvariantCulture, $" behind {PromptTokens} tokens") : "")
        + (RepeatPenalty != 1 ? ", repeat_penalty" : "")
        + (HasSchema ? ", JSON schema" : "")
        + (OursIsUnified is false ? ", a cache each" : "")
        + (OllamaFlags ? ", Ollama's flags" : "");

    /// <summary>The cases.</summary>
    /// <param name="flags">Whether the peer can be started with other flags.</param>
    public static IEnumerable<StreamsCase> All(bool flags)
    {
        yield return new() { StreamCount = 1, SlotCount = 1 };
        yield return new() { StreamCount = 4, SlotCount = 4 };
        yield return new() { StreamCount = 8, SlotCount = 8 };
        yield return new() { StreamCount = 16, SlotCount = 16 };
        yield return new() { StreamCount = 16, SlotCount = 16, RepeatPenalty = 1.1 };
        yield return new() { StreamCount = 8, SlotCount = 8, HasSchema = true };
        if (flags)
        {
            yield return new() { StreamCount = 8, SlotCount = 16, OllamaFlags = true };
        }
    }

    /// <summary>
    /// The cases in which sequences are long, so that it matters whether they share a cache, and those in which they
    /// are not side by side.
    /// </summary>
    /// <param name="flags">Whether the peer can be started with other flags.</param>
    public static IEnumerable<StreamsCase> AllLong(bool flags)
    {
        var unified = new StreamsCase { StreamCount = 8, SlotCount = 8, PromptTokens = LongPromptTokens };
        if (flags)
        {
            yield return new() { StreamCount = 8, SlotCount = 16, OursIsUnified = false, OllamaFlags = true };
            yield return unified with { OursIsUnified = false, OllamaFlags = true };
        }

        yield return unified;
    }

    /// <summary>The cases for a GPU; beside both ways in which the peer can keep its cache.</summary>
    public static IEnumerable<StreamsCase> AllOnGpu()
    {
        foreach (var (streams, promptTokens) in GpuSizes)
        {
            var unified = new StreamsCase
            {
                StreamCount = streams,
                SlotCount = streams,
                PromptTokens = promptTokens,
                OnGpu = true,
            };
            yield return unified;
            if (streams > 1)
            {
                yield return unified with { OllamaFlags = true };
            }
        }
    }

    /// <summary>Measures.</summary>
    public async Task<CaseResult> MeasureAsync(
        BenchmarkStore store, Peer peer, EngineOptions options, CancellationToken cancellationToken)
    {
        var setup = new ServerSetup
        {
            SlotCount = SlotCount,
            ThreadCount = options.ThreadCount,
            PeerIsUnified = !OllamaFlags,
            OursIsUnified = OursIsUnified,
        };
        await using var sides = await PeerSides.StartAsync(
            store, peer, options.Product, setup, cancellationToken);
        if (SlotCount > StreamCount)
        {
            // Once everybody was there; whoever stays has any of the slots, not the first ones side by side.
            var all = Enumerable.Range(1, SlotCount).Select(number => Request(number, tokensMax: 1)).ToArray();
            await Gauge.StreamsAsync(sides.Ours, all, cancellationToken);
            await Gauge.StreamsAsync(sides.Theirs, all, cancellationToken);
        }

        var requests = Enumerable.Range(1, StreamCount)
            .Select(number => Request(number * SlotCount / StreamCount, options.TokenCount))
            .ToArray();
        var pairs = await sides.PairAsync(
            options.PairCount,
            async (server, _) =>
            {
                var run = await Gauge.StreamsAsync(server, requests, cancellationToken);
                return OnGpu ? run.TokensPerSecond : run.TokensPerCpuSecond;
            });
        return CaseResult.Of(Name, store, options, OnGpu ? "token/s" : "token/CPU-s", peer.Name, pairs);
    }

    private StreamRequest Request(int number, int tokensMax) =>
        new(Prompts.Make(PromptTokens, number), tokensMax)
        {
            RepeatPenalty = RepeatPenalty,
            Schema = HasSchema ? Schema() : null,
        };

    // A text of any length comes first: random weights would end anything shorter at once.
    private static JsonNode Schema() => JsonNode.Parse(
        """
        {
          "type": "object",
          "properties": {
            "text": { "type": "string", "minLength": 2000 },
            "count": { "type": "integer" },
            "kind": { "enum": ["one", "another"] }
          },
          "required": ["text", "count", "kind"],
          "additionalProperties": false
        }
        """)!;
}
