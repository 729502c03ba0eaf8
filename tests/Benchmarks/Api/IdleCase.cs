namespace Ollama.Platform.Benchmarks.Api;

/// <summary>What a stream costs in memory that has begun and then is silent.</summary>
internal static class IdleCase
{
    private const double KilobytesMax = 100;

    public static async Task<IReadOnlyList<ApiResult>> MeasureAsync(
        ScriptedServer server, ApiDialect dialect, ApiOptions options, CancellationToken cancellationToken)
    {
        // What the first streams allocate for all later ones is no cost of a stream.
        await HoldAsync(server, dialect, Math.Min(50, options.StreamCount), cancellationToken);
        var before = await server.MemoryAsync(cancellationToken);
        var after = await HoldAsync(server, dialect, options.StreamCount, cancellationToken);
        return
        [
            Of("managed", after.Managed - before.Managed),
            Of("of the machine", after.Resident - before.Resident),
        ];

        ApiResult Of(string kind, long bytes) => new(
            $"{dialect.Name}: memory of an idle stream among {options.StreamCount}, {kind}", "kB",
            (double)bytes / options.StreamCount / 1000, KilobytesMax);
    }

    private static async Task<(long Managed, long Resident)> HoldAsync(
        ScriptedServer server, ApiDialect dialect, int count, CancellationToken cancellationToken)
    {
        var answers = new List<HttpResponseMessage>();
        try
        {
            for (var stream = 0; stream < count; stream++)
            {
                // Headers come with the first chunk: then the stream is on its way.
                answers.Add(await server.AskAsync(dialect, ScriptedRuns.IdleText, isStream: true, cancellationToken));
            }

            return await server.MemoryAsync(cancellationToken);
        }
        finally
        {
            answers.ForEach(answer => answer.Dispose());
        }
    }
}
