using System.Diagnostics;
using System.Globalization;

namespace Ollama.Platform.Benchmarks.Stores;

/// <summary>What everybody has to move bytes with.</summary>
internal static class Curl
{
    // The shell alone tells what a child took once it has ended.
    private const string Timed = "TIMEFORMAT='%3U %3S'; time curl --silent --fail --header Expect: \"$@\"";

    /// <summary>Runs it to its end; returns the processor time that it took.</summary>
    public static async Task<TimeSpan> RunAsync(string[] arguments, CancellationToken cancellationToken)
    {
        using var process = Process.Start(
            new ProcessStartInfo("bash", ["-c", Timed, "curl", .. arguments]) { RedirectStandardError = true })
            ?? throw new InvalidOperationException("curl did not start.");
        var text = await process.StandardError.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        return process.ExitCode == 0
            ? TimeSpan.FromSeconds(text.Split().Where(word => word.Length > 0)
                .Sum(word => double.Parse(word, CultureInfo.InvariantCulture)))
            : throw new InvalidOperationException($"curl ended with {process.ExitCode}.");
    }

    /// <summary>What makes it send over a link.</summary>
    public static string[] Over(int megabits) => megabits == 0
        ? []
        : ["--limit-rate", string.Create(CultureInfo.InvariantCulture, $"{megabits * 1_000_000L / 8}")];
}
