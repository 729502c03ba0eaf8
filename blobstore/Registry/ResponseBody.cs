using System.Net;
using System.Text;

namespace Ollama.Platform.BlobStore.Registry;

/// <summary>Reads whole answers of registries, which may be as hostile as anybody.</summary>
internal static class ResponseBody
{
    // Enough of a registry's complaint for a person; more would be no sentence.
    public const int ComplaintBytesMax = 4096;

    /// <summary>Reads a body up to a limit.</summary>
    /// <param name="response">The answer.</param>
    /// <param name="bytesMax">The limit.</param>
    /// <param name="moved">Called each time that something has come.</param>
    /// <param name="cancellationToken">Ends the call early.</param>
    /// <exception cref="TransferException">It is longer, or breaks off.</exception>
    public static async Task<byte[]> ReadAsync(
        HttpResponseMessage response, int bytesMax, Action moved, CancellationToken cancellationToken)
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
                moved();
            }

            return body.ToArray();
        }
        catch (Exception failure) when (failure is IOException or HttpRequestException)
        {
            throw new TransferException("unexpected EOF", failure, isTransient: true);
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
        var complaint = Legible(Encoding.UTF8.GetString(body.AsSpan(0, Math.Min(body.Length, ComplaintBytesMax))));
        return new TransferException(
            $"{status}: {(complaint.Length > 0 ? complaint : Legible(response.ReasonPhrase ?? ""))}",
            isTransient: status is 408 or 429 or >= 500, retryAfter);
    }

    /// <summary>Without what would steer the terminal of whoever reads it.</summary>
    private static string Legible(string text) =>
        string.Concat(text.Select(letter => char.IsControl(letter) ? ' ' : letter)).Trim();
}
