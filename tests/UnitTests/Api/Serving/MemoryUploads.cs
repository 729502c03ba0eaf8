using Ollama.Platform.Contracts.Blobs;
using Ollama.Platform.Contracts.Library;

namespace Ollama.Platform.UnitTests.Api.Serving;

/// <summary>Uploads in memory, two at once, with ids that can be written down.</summary>
internal sealed class MemoryUploads(IBlobs blobs) : IBlobUploads
{
    private const int CountMax = 2;

    private readonly Dictionary<string, MemoryStream> _sessions = [];
    private int _count;

    public Task<string?> BeginAsync(CancellationToken cancellationToken)
    {
        if (_sessions.Count == CountMax)
        {
            return Task.FromResult<string?>(null);
        }

        var id = $"upload-{++_count}";
        _sessions[id] = new MemoryStream();
        return Task.FromResult<string?>(id);
    }

    public Task<long?> FindAsync(string id, CancellationToken cancellationToken) =>
        Task.FromResult<long?>(_sessions.TryGetValue(id, out var session) ? session.Length : null);

    public async Task<UploadPosition?> AppendAsync(
        string id, long? offset, Stream content, CancellationToken cancellationToken)
    {
        if (!_sessions.TryGetValue(id, out var session))
        {
            return null;
        }

        if (offset is { } begin && begin != session.Length)
        {
            return new UploadPosition(IsAccepted: false, session.Length);
        }

        await content.CopyToAsync(session, cancellationToken);
        return new UploadPosition(IsAccepted: true, session.Length);
    }

    public async Task<bool> CommitAsync(string id, Digest digest, CancellationToken cancellationToken)
    {
        if (!_sessions.Remove(id, out var session))
        {
            return false;
        }

        session.Position = 0;
        await blobs.WriteAsync(digest, session, cancellationToken);
        return true;
    }

    public Task<bool> CancelAsync(string id, CancellationToken cancellationToken) =>
        Task.FromResult(_sessions.Remove(id));
}
