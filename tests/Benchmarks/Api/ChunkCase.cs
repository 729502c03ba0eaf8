using System.Diagnostics;
using System.Globalization;
using Ollama.Platform.Benchmarks.Engine;
using Ollama.Platform.Contracts.Models;

namespace Ollama.Platform.Benchmarks.Api;

/// <summary>What a dialect adds to a chunk: a stream over HTTP against the same one read directly.</summary>
internal static class ChunkCase
{
    private const double MicrosecondsMax = 50;

    public static async Task<ApiResult> MeasureAsync(
        ScriptedServer server, ApiDialect dialect, ApiOptions options, CancellationToken cancellationToken)
    {
        var buffer = new byte[64 * 1024];
        var added = new List<double>();
        for (var run = 0; run <= options.RunCount; run++)
        {
            var overHttp = await ReadAsync(server, dialect, options.ChunkCount, buffer, cancellationToken);
            var direct = await ReadDirectlyAsync(options.ChunkCount, cancellationToken);

            // The first run pays for compiling.
            if (run > 0)
            {
                added.Add((overHttp - direct).TotalMicroseconds / options.ChunkCount);
            }
        }

        return new ApiResult(
            $"{dialect.Name}: added to a chunk, median of {options.RunCount} streams",
            "us", added.Median(), MicrosecondsMax);
    }

    private static async Task<TimeSpan> ReadAsync(
        ScriptedServer server, ApiDialect dialect, int chunkCount, byte[] buffer, CancellationToken cancellationToken)
    {
        var clock = Stopwatch.StartNew();
        await server.ReadAsync(dialect, Script(chunkCount), isStream: true, buffer, cancellationToken);
        return clock.Elapsed;
    }

    private static async Task<TimeSpan> ReadDirectlyAsync(int chunkCount, CancellationToken cancellationToken)
    {
        var request = new GenerationRequest
        {
            Model = "tiny-chat",
            Kind = GenerationKind.Chat,
            Messages = [new ChatMessage { Role = "user", Content = Script(chunkCount) }],
        };
        var clock = Stopwatch.StartNew();
        await foreach (var _ in new ScriptedRuns().GenerateAsync(request, cancellationToken))
        {
            // Only the arriving counts.
        }

        return clock.Elapsed;
    }

    private static string Script(int chunkCount) => chunkCount.ToString(CultureInfo.InvariantCulture);
}
