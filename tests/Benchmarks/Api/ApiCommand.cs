namespace Ollama.Platform.Benchmarks.Api;

/// <summary>Measures every case, one dialect after the other, and prints each result as it comes.</summary>
internal sealed class ApiCommand(ApiOptions options)
{
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await using (var server = await ScriptedServer.StartAsync(cancellationToken))
        {
            foreach (var dialect in ApiDialect.All)
            {
                Print(await ChunkCase.MeasureAsync(server, dialect, options, cancellationToken));
                Print(await LoadCase.MeasureAsync(server, dialect, options, cancellationToken));
            }
        }

        foreach (var dialect in ApiDialect.All)
        {
            // A server of its own: what others left behind in its memory is not to be counted.
            await using var server = await ScriptedServer.StartAsync(cancellationToken);
            Print(await IdleCase.MeasureAsync(server, dialect, options, cancellationToken));
        }
    }

    private void Print(params IReadOnlyList<ApiResult> results)
    {
        foreach (var result in results)
        {
            Terminal.Write(options.Json ? result.ToJson() : result.ToText());
        }
    }
}
