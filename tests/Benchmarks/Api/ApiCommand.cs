namespace Ollama.Platform.Benchmarks.Api;

/// <summary>Measures every case, one dialect after the other, and prints each result as it comes.</summary>
internal sealed class ApiCommand(ApiOptions options)
{
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (options.Runs("load"))
        {
            var load = new LoadCase(options);
            Print(await load.MeasureBareAsync(cancellationToken));
            await EachAsync(load.MeasureAsync, cancellationToken);
        }

        if (options.Runs("chunks"))
        {
            await EachAsync(
                async (server, dialect, token) => [await ChunkCase.MeasureAsync(server, dialect, options, token)],
                cancellationToken);
        }

        if (options.Runs("idle"))
        {
            await EachAsync(
                (server, dialect, token) => IdleCase.MeasureAsync(server, dialect, options, token), cancellationToken);
        }

        if (options.Runs("proxy"))
        {
            await EachAsync(
                (server, dialect, token) => ProxyCase.MeasureAsync(server, dialect, options, token), cancellationToken);
        }
    }

    private async Task EachAsync(
        Func<ScriptedServer, ApiDialect, CancellationToken, Task<IReadOnlyList<ApiResult>>> measure,
        CancellationToken cancellationToken)
    {
        foreach (var dialect in options.Dialects)
        {
            // A server of its own: what others left behind in its memory is not to be counted.
            await using var server = await ScriptedServer.StartAsync(cancellationToken);
            Print(await measure(server, dialect, cancellationToken));
        }
    }

    private void Print(IReadOnlyList<ApiResult> results)
    {
        foreach (var result in results)
        {
            Terminal.Write(options.Json ? result.ToJson() : result.ToText());
        }
    }
}
