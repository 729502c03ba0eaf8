namespace Ollama.Platform.Benchmarks.Api;

/// <summary>How the way to the client is measured.</summary>
internal sealed record ApiOptions
{
    public const string Usage =
        """
        Usage: dotnet run -c Release --project tests/Benchmarks -- api [options]

          With chrt -f 10 in front of it, a run goes before other programs of a busy machine.

          --only NAME     one group of cases: load, chunks, idle or proxy (needs nginx); may come
                          several times
          --dialect NAME  one of Ollama, OpenAI, Responses, Anthropic and gRPC
          --short         everything once and small, to see that it works
          --json          one line of JSON a case
        """;

    private static readonly string[] Groups = ["load", "chunks", "idle", "proxy"];

    /// <summary>Streams of a chunk case.</summary>
    public int RunCount { get; init; } = 20;

    /// <summary>Chunks of such a stream.</summary>
    public int ChunkCount { get; init; } = 5000;

    /// <summary>Idle streams.</summary>
    public int StreamCount { get; init; } = 1000;

    /// <summary>Streams that are read without and through a proxy.</summary>
    public int PairCount { get; init; } = 500;

    /// <summary>How long requests come.</summary>
    public int LoadSeconds { get; init; } = 10;

    /// <summary>Prints JSON instead of sentences.</summary>
    public bool Json { get; init; }

    /// <summary>Groups that were asked for; empty for all.</summary>
    public IReadOnlyList<string> Only { get; init; } = [];

    /// <summary>The dialects that are measured.</summary>
    public IReadOnlyList<ApiDialect> Dialects { get; init; } = ApiDialect.All;

    /// <summary>A group of cases is measured.</summary>
    public bool Runs(string group) => Only.Count == 0 || Only.Contains(group);

    /// <summary>Reads the command line; null when it makes no sense.</summary>
    public static ApiOptions? TryParse(IReadOnlyList<string> arguments)
    {
        var options = new ApiOptions();
        for (var index = 0; index < arguments.Count; index++)
        {
            switch (arguments[index])
            {
                case "--short":
                    options = options with
                    {
                        RunCount = 1,
                        ChunkCount = 100,
                        StreamCount = 20,
                        LoadSeconds = 1,
                        PairCount = 10,
                    };
                    break;
                case "--json":
                    options = options with { Json = true };
                    break;
                case "--dialect" when ++index < arguments.Count
                    && ApiDialect.All.Where(dialect => dialect.Name == arguments[index]).ToArray() is [var one]:
                    options = options with { Dialects = [one] };
                    break;
                case "--only" when ++index < arguments.Count && Groups.Contains(arguments[index]):
                    options = options with { Only = [.. options.Only, arguments[index]] };
                    break;
                default:
                    return null;
            }
        }

        return options;
    }
}
