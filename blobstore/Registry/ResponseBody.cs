using System.Net;
using System.Text;

namespace Ollama.Platform.BlobStore.Registry;

/// <summary>Reads whole answers of registries, which may be as hostile as anybody.</summary>
internal static class ResponseBody
{
    // Enough of a registry's complaint for a person; more would be no sentence.
    private const int ComplaintBytesMax = 4096;

    /// <summary>Reads a body up to a limit.</summary>
    /// <exception cref="TransferException">It is longer, or breaks off.</exception>
    public static async Task<byte[]> ReadAsync(
        HttpResponseMessage response, int bytesMax, CancellationToken cancellationToken)
    {
        try
        {
            await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
            var body = new MemoryStream();
            var buffer = new byte[16 * 1024];
            while (await stream.ReadAsync(buffer, cancellationToken) is var count and > 0)
            {
                if (body.Length + count > bytesMax)
                {
                    throw new TransferException($"the registry's answer is longer than {bytesMax} bytes");
                }

                body.Write(buffer, 0, count);
            }

            return body.ToArray();
        }
        catch (Exception failure) when (failure is IOException or HttpRequestException)
        {
            throw new TransferException("unexpected EOF", failure, isTransient: true);
        }
    }

    /// <summary>What a status that was not hoped for means; the answer is read as far as it helps.</summary>
    public static async Task<TransferException> FailureAsync(
        HttpResponseMessage response, RegistrySource source, CancellationToken cancellationToken)
    {
        // The words of whoever the registry redirected to are not for the client: it could be anybody's server.
        if (!source.Owns(response.RequestMessage!.RequestUri!))
        {
            return Failure(response, Encoding.UTF8.GetBytes(response.ReasonPhrase ?? ""));
        }

        try
        {
            return Failure(response, await ReadAsync(response, ComplaintBytesMax, cancellationToken));
        }
        catch (TransferException)
        {
            return Failure(response, Encoding.UTF8.GetBytes(response.ReasonPhrase ?? ""));
        }
    }

    /// <summary>What a status that was not hoped for means.</summary>
    public static TransferException Failure(HttpResponseMessage response, byte[] body)
    {
        if (response.StatusCode == HttpStatusCode.NotFound)
        {
            return new TransferException("file does not exist") { IsNotFound = true };
        }

        var status = (int)response.StatusCode;
        var retryAfter = response.Headers.RetryAfter?.Delta;
        return new TransferException(
            $"{status}: {Encoding.UTF8.GetString(body)}", isTransient: status is 408 or 429 or >= 500, retryAfter);
    }
}
