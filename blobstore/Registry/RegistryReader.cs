using System.Net;
using System.Net.Http.Headers;
using Ollama.Platform.BlobStore.Manifests;
using Ollama.Platform.Contracts.Library;

namespace Ollama.Platform.BlobStore.Registry;

/// <summary>What is read from a repository.</summary>
internal static class RegistryReader
{
    private static readonly string[] ManifestTypes =
        [MediaTypes.Manifest, $"{MediaTypes.OciManifest};q=0.9"];

    /// <summary>The bytes of a manifest.</summary>
    /// <exception cref="TransferException">There are none.</exception>
    public static async Task<byte[]> GetManifestAsync(
        RegistrySession session, string tag, CancellationToken cancellationToken)
    {
        using var response = await session.SendAsync(
            () =>
            {
                var request = new HttpRequestMessage(HttpMethod.Get, session.Source.Address($"manifests/{tag}"));
                request.Headers.TryAddWithoutValidation("Accept", ManifestTypes);
                return request;
            },
            cancellationToken);
        return response.IsSuccessStatusCode
            ? await session.ReadAsync(response, ManifestJson.BytesMax, cancellationToken)
            : throw await session.FailureAsync(response, cancellationToken);
    }

    /// <summary>Tells whether the repository has a blob.</summary>
    /// <exception cref="TransferException">The registry does not say.</exception>
    public static async Task<bool> HasBlobAsync(
        RegistrySession session, Digest digest, CancellationToken cancellationToken)
    {
        using var response = await session.SendAsync(
            () => new HttpRequestMessage(HttpMethod.Head, session.Source.Address($"blobs/{digest}")),
            cancellationToken);
        return response.StatusCode == HttpStatusCode.NotFound ? false
            : response.IsSuccessStatusCode ? true
            : throw await session.FailureAsync(response, cancellationToken);
    }

    /// <summary>Opens a range of a blob. The caller disposes the answer.</summary>
    /// <param name="session">The repository.</param>
    /// <param name="layer">The blob, with the length that its manifest says.</param>
    /// <param name="offset">Where the range begins.</param>
    /// <param name="length">How long it is; at least one byte.</param>
    /// <param name="cancellationToken">Ends the call early.</param>
    /// <exception cref="RangesIgnoredException">The registry sends the blob from its beginning instead.</exception>
    /// <exception cref="TransferException">The range cannot be had, or the blob has another length.</exception>
    public static async Task<HttpResponseMessage> OpenBlobAsync(
        RegistrySession session, Layer layer, long offset, long length, CancellationToken cancellationToken)
    {
        var response = await session.SendAsync(
            () =>
            {
                var request = new HttpRequestMessage(HttpMethod.Get, session.Source.Address($"blobs/{layer.Digest}"));
                request.Headers.Range = new RangeHeaderValue(offset, offset + length - 1);
                return request;
            },
            cancellationToken);
        try
        {
            if (!response.IsSuccessStatusCode && response.StatusCode != HttpStatusCode.RequestedRangeNotSatisfiable)
            {
                throw await session.FailureAsync(response, cancellationToken);
            }

            var isWhole = response.StatusCode != HttpStatusCode.PartialContent;
            var range = response.Content.Headers.ContentRange;
            var bytes = isWhole && range is null ? response.Content.Headers.ContentLength : range?.Length;
            if (bytes is not null && bytes != layer.Size)
            {
                throw new TransferException(
                    $"blob {layer.Digest}: the registry has {bytes} bytes, the manifest says {layer.Size}");
            }

            if (isWhole ? offset > 0 || length < layer.Size : range?.From is { } from && from != offset)
            {
                throw new RangesIgnoredException();
            }

            return response;
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }
}
