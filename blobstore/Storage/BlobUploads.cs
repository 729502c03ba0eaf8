using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Ollama.Platform.Contracts.Blobs;
using Ollama.Platform.Contracts.Library;

namespace Ollama.Platform.BlobStore.Storage;

/// <summary>
/// Upload sessions of this process. Their files have the names of unfinished blobs, so that what a crash leaves is
/// cleared away; a session does not outlive its process. Safe for any number of callers.
/// </summary>
public sealed partial class BlobUploads : IBlobUploads, IDisposable
{
    private static readonly TimeSpan SweepPeriod = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, UploadSession> _sessions = new(StringComparer.Ordinal);
    private readonly StorePaths _paths;
    private readonly BlobVerdicts _verdicts;
    private readonly BlobStoreOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<BlobUploads> _logger;
    private readonly ITimer _sweep;

    /// <summary>Begins without sessions.</summary>
    public BlobUploads(
        StorePaths paths, BlobVerdicts verdicts, IOptions<BlobStoreOptions> options, TimeProvider time,
        ILogger<BlobUploads> logger)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        (_paths, _verdicts, _options, _time, _logger) = (paths, verdicts, options.Value, time, logger);
        _sweep = time.CreateTimer(_ => Expire(), null, SweepPeriod, SweepPeriod);
    }

    /// <inheritdoc/>
    public Task<string?> BeginAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (_sessions.Count >= _options.UploadCountMax)
        {
            return Task.FromResult<string?>(null);
        }

        try
        {
            Directory.CreateDirectory(_paths.Blobs);
            var id = Guid.NewGuid().ToString("N");
            _sessions[id] = new UploadSession(_paths.NewTemporaryBlob(), _time, _options.BlobBytesMax);
            return Task.FromResult<string?>(id);
        }
        catch (Exception failure) when (DurableFile.Explain(failure) is { } refusal)
        {
            throw refusal;
        }
    }

    /// <inheritdoc/>
    public Task<long?> FindAsync(string id, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult<long?>(_sessions.TryGetValue(id, out var session) ? session.ReceivedBytes : null);
    }

    /// <inheritdoc/>
    public async Task<UploadPosition?> AppendAsync(
        string id, long? offset, Stream content, CancellationToken cancellationToken)
    {
        if (!_sessions.TryGetValue(id, out var session))
        {
            return null;
        }

        try
        {
            return await session.AppendAsync(offset, content, cancellationToken);
        }
        finally
        {
            Forget(id, session);
        }
    }

    /// <inheritdoc/>
    public async Task<bool> CommitAsync(string id, Digest digest, CancellationToken cancellationToken)
    {
        if (!_sessions.TryGetValue(id, out var session))
        {
            return false;
        }

        try
        {
            if (!await session.CommitAsync(digest, _paths.Blob(digest), _verdicts, cancellationToken))
            {
                return false;
            }
        }
        finally
        {
            // One whose client left while it waited stands, and the client may come back.
            Forget(id, session);
        }

        Log.Stored(_logger, digest, session.ReceivedBytes);
        return true;
    }

    /// <inheritdoc/>
    public async Task<bool> CancelAsync(string id, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (!_sessions.TryGetValue(id, out var session))
        {
            return false;
        }

        var isCanceled = await session.CancelAsync();
        Forget(id, session);
        return isCanceled;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _sweep.Dispose();
        foreach (var session in _sessions.Values)
        {
            session.Dispose();
        }

        _sessions.Clear();
    }

    private void Forget(string id, UploadSession session)
    {
        if (session.HasEnded)
        {
            _sessions.TryRemove(id, out _);
        }
    }

    private void Expire()
    {
        foreach (var (id, session) in _sessions)
        {
            if (session.IdleTime > _options.UploadIdleTimeMax && session.TryExpire())
            {
                _sessions.TryRemove(id, out _);
                Log.Expired(_logger, id, session.ReceivedBytes);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Debug, "Blob {Digest} was uploaded, {BlobBytes} bytes.")]
        public static partial void Stored(ILogger logger, Digest digest, long blobBytes);

        [LoggerMessage(
            LogLevel.Information, "The upload {Id} was given up after {ReceivedBytes} bytes: it stood still.")]
        public static partial void Expired(ILogger logger, string id, long receivedBytes);
    }
}
