namespace Ollama.Platform.Benchmarks.Engine;

/// <summary>A server that is measured: ours, or a peer. Its client is this process and is not counted.</summary>
internal interface IServer : IAsyncDisposable
{
    /// <summary>The process whose processor time counts.</summary>
    int ProcessId { get; }

    /// <summary>Streams the continuation of a raw prompt.</summary>
    Task<StreamReading> StreamAsync(StreamRequest request, CancellationToken cancellationToken);

    /// <summary>Computes the vectors of some texts in one request.</summary>
    Task EmbedAsync(IReadOnlyList<string> texts, CancellationToken cancellationToken);
}
