namespace Ollama.Platform.Benchmarks.Engine;

/// <summary>A server with the process that was started for it, which ends with it.</summary>
internal sealed class StartedServer(ChildProcess process, IServer server) : IServer
{
    public int ProcessId => server.ProcessId;

    public Task<StreamReading> StreamAsync(StreamRequest request, CancellationToken cancellationToken) =>
        server.StreamAsync(request, cancellationToken);

    public Task EmbedAsync(IReadOnlyList<string> texts, CancellationToken cancellationToken) =>
        server.EmbedAsync(texts, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        await process.DisposeAsync();
    }
}
