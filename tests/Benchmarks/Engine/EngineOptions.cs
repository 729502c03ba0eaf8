using System.Globalization;
using Ollama.Platform.Inference.Engine;

namespace Ollama.Platform.Benchmarks.Engine;

/// <summary>How the engine is measured.</summary>
internal sealed record EngineOptions
{
    public const string Usage =
        """
        Usage: dotnet run -c Release --project tests/Benchmarks -- engine [options]

          --pairs N     runs of each case, ours and the reference in turn (10)
          --tokens N    tokens of a decode run (64)
          --threads N   threads that compute (one per core; 1 where other programs are busy)
          --peer P      also beside a peer: the path of a llama-server, which is started for each case with the
                        flags that the case is about, or the URL of a llama-server or an Ollama on this machine
          --host DIR    the host that was published there, instead of that of this build
          --only GROUP  only a group of cases, may be repeated: raw, cold, and beside the peer streams, first,
                        pacing, contention, start, embeddings; only when it is named long, streams behind 1024
                        tokens each; and gpu, only when it is named and then alone, with --peer: streams of an 8b
                        model on a GPU, in tokens a second
          --short       everything once on small models with 1 thread, to see that it works
          --json        one line of JSON a case
        """;

    /// <summary>The group that is measured only where it is named, and alone.</summary>
    public const string GpuGroup = "gpu";

    /// <summary>The group that takes minutes for a pair and is measured only where it is named.</summary>
    public const string LongGroup = "long";

    private static readonly string[] KnownGroups =
        ["raw", "cold", "streams", "first", "pacing", "contention", "start", "embeddings", LongGroup, GpuGroup];

    /// <summary>Runs of each case.</summary>
    public int PairCount { get; init; } = 10;

    /// <summary>Tokens of a decode run.</summary>
    public int TokenCount { get; init; } = 64;

    /// <summary>Threads that compute.</summary>
    public int ThreadCount { get; init; } = CpuTopology.CountCores();

    /// <summary>What is measured.</summary>
    public Product Product { get; init; } = new();

    /// <summary>What the product is compared with beside the raw loop.</summary>
    public Peer? Peer { get; init; }

    /// <summary>The groups of cases that are measured; empty for all.</summary>
    public IReadOnlyList<string> Groups { get; init; } = [];

    /// <summary>Small models instead of the real shape.</summary>
    public bool Short { get; init; }

    /// <summary>Prints JSON instead of a table.</summary>
    public bool Json { get; init; }

    /// <summary>Reads the command line; null when it makes no sense.</summary>
    public static EngineOptions? TryParse(ReadOnlySpan<string> arguments)
    {
        var options = new EngineOptions();
        while (!arguments.IsEmpty)
        {
            EngineOptions? next = arguments switch
            {
                ["--short", ..] => options with { Short = true, PairCount = 1, TokenCount = 8, ThreadCount = 1 },
                ["--json", ..] => options with { Json = true },
                ["--pairs", var text, ..] when IsCount(text, out var count) => options with { PairCount = count },
                ["--tokens", var text, ..] when IsCount(text, out var count) => options with { TokenCount = count },
                ["--threads", var text, ..] when IsCount(text, out var count) => options with { ThreadCount = count },
                ["--peer", var text, ..] when Peer.TryParse(text) is { } peer => options with { Peer = peer },
                ["--host", var text, ..] when Product.TryOpen(text) is { } product =>
                    options with { Product = product },
                ["--only", var group, ..] when KnownGroups.Contains(group) =>
                    options with { Groups = [.. options.Groups, group] },
                _ => null,
            };
            if (next is null)
            {
                return null;
            }

            arguments = arguments[(arguments[0] is "--short" or "--json" ? 1 : 2)..];
            options = next;
        }

        return options.Groups.Contains(GpuGroup) && options.Peer is null ? null : options;
    }

    private static bool IsCount(string text, out int count) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out count) && count > 0;
}
