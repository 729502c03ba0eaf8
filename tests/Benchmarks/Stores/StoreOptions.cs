using System.Globalization;

namespace Ollama.Platform.Benchmarks.Stores;

/// <summary>How the store is measured.</summary>
internal sealed record StoreOptions
{
    public const string Usage =
        """
               dotnet run -c Release --project tests/Benchmarks -- store [options]

          --pairs N     runs of each case, ours and the reference in turn (10)
          --mib N       length of the blob that is moved, at most 2047 (1024)
          --link MBIT   moves it over a line of so many megabits a second as well; can be given several times
          --only WHAT   list or transfers alone
          --models N    models of the list (1000)
          --short       everything once and small, to see that it works
          --json        one line of JSON a case
        """;

    /// <summary>Runs of each case.</summary>
    public int PairCount { get; init; } = 10;

    /// <summary>Length of the blob that is moved.</summary>
    public int BlobMebibytes { get; init; } = 1024;

    /// <summary>Lines that it is moved over, in megabits a second; 0 is the bare machine.</summary>
    public IReadOnlyList<int> LinkMegabits { get; init; } = [0];

    /// <summary>The one group of cases that is measured; null for all.</summary>
    public string? Only { get; init; }

    /// <summary>Models of the list.</summary>
    public int ModelCount { get; init; } = 1000;

    /// <summary>Prints JSON instead of a table.</summary>
    public bool Json { get; init; }

    /// <summary>Reads the command line; null when it makes no sense.</summary>
    public static StoreOptions? TryParse(ReadOnlySpan<string> arguments)
    {
        var options = new StoreOptions();
        while (!arguments.IsEmpty)
        {
            StoreOptions? next = arguments switch
            {
                ["--short", ..] => options with { PairCount = 1, BlobMebibytes = 32, ModelCount = 20 },
                ["--json", ..] => options with { Json = true },
                ["--pairs", var text, ..] when IsCount(text, out var count) => options with { PairCount = count },
                ["--mib", var text, ..] when IsCount(text, out var count) && count < 2048 =>
                    options with { BlobMebibytes = count },
                ["--link", var text, ..] when IsCount(text, out var count) =>
                    options with { LinkMegabits = [.. options.LinkMegabits, count] },
                ["--only", "list" or "transfers", ..] => options with { Only = arguments[1] },
                ["--models", var text, ..] when IsCount(text, out var count) => options with { ModelCount = count },
                _ => null,
            };
            if (next is null)
            {
                return null;
            }

            arguments = arguments[(arguments[0] is "--short" or "--json" ? 1 : 2)..];
            options = next;
        }

        return options;
    }

    private static bool IsCount(string text, out int count) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out count) && count > 0;
}
