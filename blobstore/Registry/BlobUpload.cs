using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;
using Ollama.Platform.BlobStore.Manifests;

namespace Ollama.Platform.BlobStore.Registry;

/// <summary>
/// Sends one blob to a registry, unless the registry has it or can take it from another repository: piece by piece, and
/// after a failure from where the registry stands.
/// </summary>
internal sealed class BlobUpload(
    RegistrySession session, RegistryHttp http, Layer layer, string path, string? mountFrom, RegistryOptions options,
    Retries retries, TransferRate rate, TimeProvider time)
{
    private readonly List<byte[]> _checksums = [];
    private volatile CancellationTokenSource? _patience;
    private UploadLocation? _location;
    private long _storedBytes;
    private long _sentBytes;

    /// <summary>How much of the blob the registry has, in bytes.</summary>
    public long CompletedBytes => Interlocked.Read(ref _sentBytes);

    /// <summary>Sends the blob.</summary>
    /// <exception cref="TransferException">The registry does not take it.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (!await retries.RunAsync(
                aborted => RegistryReader.HasBlobAsync(session, layer.Digest, aborted), () => 0, cancellationToken))
        {
            using var file = File.OpenHandle(
                path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, FileOptions.Asynchronous);
            await retries.RunAsync(
                async aborted =>
                {
                    await SendAsync(file, aborted);
                    return true;
                },
                () => Interlocked.Read(ref _storedBytes),
                cancellationToken);
        }

        Interlocked.Exchange(ref _sentBytes, layer.Size);
    }

    /// <summary>One attempt: begins or resumes, sends what is missing, commits.</summary>
    private async Task SendAsync(SafeFileHandle file, CancellationToken cancellationToken)
    {
        if (!await ResumeAsync(cancellationToken) && !await BeginAsync(cancellationToken))
        {
            return;
        }

        while (_storedBytes < layer.Size)
        {
            await SendPartAsync(file, cancellationToken);
        }

        var parameters = $"digest={Uri.EscapeDataString(layer.Digest.ToString())}";
        if (_checksums.Count > 0)
        {
            parameters += $"&etag={Etag()}";
        }

        using var response = await session.SendAsync(
            () => Request(HttpMethod.Put, _location!.With(parameters), new ByteArrayContent([])), cancellationToken);
        if (!response.IsSuccessStatusCode)
        {
            _location = null;
            throw await session.FailureAsync(response, cancellationToken);
        }
    }

    /// <summary>Begins an upload; false when the registry took the blob from elsewhere.</summary>
    private async Task<bool> BeginAsync(CancellationToken cancellationToken)
    {
        var mount = mountFrom is null
            ? ""
            : $"?mount={Uri.EscapeDataString(layer.Digest.ToString())}&from={Uri.EscapeDataString(mountFrom)}";
        using var response = await session.SendAsync(
            () => Request(
                HttpMethod.Post, session.Source.Address($"blobs/uploads/{mount}"), new ByteArrayContent([])),
            cancellationToken);
        if (!response.IsSuccessStatusCode)
        {
            throw await session.FailureAsync(response, cancellationToken);
        }

        if (response.StatusCode == HttpStatusCode.Created)
        {
            return false;
        }

        _location = UploadLocation.Read(response, session);
        _checksums.Clear();
        Set(0);
        return true;
    }

    /// <summary>Asks where a broken upload stands; false when there is nothing to resume.</summary>
    private async Task<bool> ResumeAsync(CancellationToken cancellationToken)
    {
        // Pieces that went around the registry are known to nobody else.
        if (_location is not { } location || _checksums.Count > 0)
        {
            return false;
        }

        _location = null;
        using var response = await session.SendAsync(
            () => new HttpRequestMessage(HttpMethod.Get, location.Address), cancellationToken);
        if (!response.IsSuccessStatusCode)
        {
            return false;
        }

        var standing = response.Headers.Location is null ? location : UploadLocation.Read(response, session);
        if ((standing.ReceivedBytes ?? _storedBytes) is var received && received > layer.Size)
        {
            return false;
        }

        _location = standing;
        Set(received);
        return true;
    }

    private async Task SendPartAsync(SafeFileHandle file, CancellationToken cancellationToken)
    {
        var (offset, length) = (_storedBytes, Math.Min(options.PartBytes, layer.Size - _storedBytes));
        using var response = await GuardAsync(
            aborted => session.SendAsync(MakePart, aborted), cancellationToken);
        if (!response.IsSuccessStatusCode && response.StatusCode != HttpStatusCode.TemporaryRedirect)
        {
            throw await RefusedAsync(response, offset, cancellationToken);
        }

        var next = UploadLocation.Read(response, session);
        if (response.StatusCode == HttpStatusCode.TemporaryRedirect)
        {
            var direct = session.Resolve(response.RequestMessage!.RequestUri!, response.Headers.Location!);
            _checksums.Add(await SendDirectlyAsync(file, direct, offset, length, cancellationToken));
        }
        else if (next.ReceivedBytes is { } received && received != offset + length)
        {
            throw new TransferException(
                $"the registry has {received} bytes of {offset + length}", isTransient: true);
        }

        _location = next;
        Set(offset + length);

        HttpRequestMessage MakePart()
        {
            Set(offset);
            var content = Content(file, offset, length, isChecksummed: false);
            var request = Request(HttpMethod.Patch, _location!.Address, content);
            content.Headers.TryAddWithoutValidation("Content-Range", $"{offset}-{offset + length - 1}");
            request.Headers.TryAddWithoutValidation("X-Redirect-Uploads", "1");
            return request;
        }
    }

    /// <summary>A registry that took pieces and then takes no more has lost the upload: it is begun anew.</summary>
    private async Task<TransferException> RefusedAsync(
        HttpResponseMessage response, long offset, CancellationToken cancellationToken)
    {
        var failure = await session.FailureAsync(response, cancellationToken);
        if (offset == 0 || (int)response.StatusCode is not (400 or 404 or 416))
        {
            return failure;
        }

        _location = null;
        return new TransferException(failure.Message, failure, isTransient: true);
    }

    /// <summary>Sends a piece to where the registry keeps its blobs, which must not see our credentials.</summary>
    private async Task<byte[]> SendDirectlyAsync(
        SafeFileHandle file, Uri address, long offset, long length, CancellationToken cancellationToken)
    {
        Set(offset);
        using var content = Content(file, offset, length, isChecksummed: true);
        using var response = await GuardAsync(
            aborted => http.SendAsync(Request(HttpMethod.Put, address, content), aborted), cancellationToken);
        return response.IsSuccessStatusCode
            ? content.Checksum
            : throw await session.FailureAsync(response, cancellationToken);
    }

    private BlobPartContent Content(SafeFileHandle file, long offset, long length, bool isChecksummed) =>
        new(file, offset, length, isChecksummed, rate, NoteSent);

    private static HttpRequestMessage Request(HttpMethod method, Uri address, HttpContent content)
    {
        content.Headers.TryAddWithoutValidation("Content-Type", "application/octet-stream");
        return new HttpRequestMessage(method, address)
        {
            Content = content,
            // The registry may refuse, or point elsewhere, before the piece is sent in vain.
            Headers = { ExpectContinue = content is BlobPartContent },
        };
    }

    private async Task<HttpResponseMessage> GuardAsync(
        Func<CancellationToken, Task<HttpResponseMessage>> send, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(options.CommitTimeMax, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        _patience = patience;
        try
        {
            return await send(both.Token);
        }
        catch (OperationCanceledException failure) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TransferException("the registry takes nothing", failure, isTransient: true);
        }
        finally
        {
            _patience = null;
        }
    }

    private void NoteSent(int count)
    {
        Interlocked.Add(ref _sentBytes, count);
        _patience?.CancelAfter(options.CommitTimeMax);
    }

    private void Set(long bytes)
    {
        Interlocked.Exchange(ref _storedBytes, bytes);
        Interlocked.Exchange(ref _sentBytes, bytes);
    }

    [SuppressMessage("Security", "CA5351", Justification = "The registry's protocol names MD5.")]
    private string Etag() =>
        $"{Convert.ToHexStringLower(MD5.HashData(_checksums.SelectMany(sum => sum).ToArray()))}-{_checksums.Count}";
}
