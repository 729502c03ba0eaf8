using System.Net.Http.Headers;
using Ollama.Platform.BlobStore.Manifests;

namespace Ollama.Platform.BlobStore.Registry;

/// <summary>A repository that a model is pushed to.</summary>
public sealed class RemoteRepository
{
    private readonly RegistrySession _session;
    private readonly Retries _retries;
    private readonly Func<Layer, string, string?, BlobUpload> _makeUpload;

    internal RemoteRepository(
        RegistrySession session, Retries retries, Func<Layer, string, string?, BlobUpload> makeUpload) =>
        (_session, _retries, _makeUpload) = (session, retries, makeUpload);

    /// <summary>Sends a blob, unless the registry has it.</summary>
    /// <param name="layer">The blob.</param>
    /// <param name="path">Its file.</param>
    /// <param name="mountFrom">A repository of the same registry that may have it; null when none is known.</param>
    /// <param name="cancellationToken">Ends the transfer.</param>
    public BlobTransfer Upload(Layer layer, string path, string? mountFrom, CancellationToken cancellationToken)
    {
        var upload = _makeUpload(layer, path, mountFrom);
        return new BlobTransfer(() => upload.CompletedBytes, upload.RunAsync(cancellationToken));
    }

    /// <summary>Writes the manifest, whose blobs must all be there.</summary>
    /// <exception cref="TransferException">The registry does not take it.</exception>
    public Task PutManifestAsync(
        string tag, string mediaType, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) =>
        _retries.RunAsync(
            async aborted =>
            {
                await PutOnceAsync(tag, mediaType, bytes, aborted);
                return true;
            },
            () => 0,
            cancellationToken);

    private async Task PutOnceAsync(
        string tag, string mediaType, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        using var response = await _session.SendAsync(
            () =>
            {
                var content = new ReadOnlyMemoryContent(bytes);
                content.Headers.ContentType = MediaTypeHeaderValue.TryParse(mediaType, out var type)
                    ? type
                    : new MediaTypeHeaderValue(MediaTypes.Manifest);
                return new HttpRequestMessage(HttpMethod.Put, _session.Source.Address($"manifests/{tag}"))
                {
                    Content = content,
                };
            },
            cancellationToken);
        if (!response.IsSuccessStatusCode)
        {
            throw await _session.FailureAsync(response, cancellationToken);
        }
    }
}
