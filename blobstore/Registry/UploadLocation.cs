using System.Globalization;

namespace Ollama.Platform.BlobStore.Registry;

/// <summary>Where the next piece of an upload goes, as the registry said last.</summary>
/// <param name="Address">The address of the upload.</param>
/// <param name="ReceivedBytes">How much the registry says it has; null when it does not say.</param>
internal sealed record UploadLocation(Uri Address, long? ReceivedBytes)
{
    private const string DirectHeader = "Docker-Upload-Location";

    /// <summary>Reads the headers of an answer.</summary>
    /// <exception cref="TransferException">There is no address.</exception>
    public static UploadLocation Read(HttpResponseMessage response, RegistrySession session)
    {
        var headers = response.Headers;
        var location = headers.TryGetValues(DirectHeader, out var values)
            && Uri.TryCreate(values.First(), UriKind.RelativeOrAbsolute, out var direct) ? direct : headers.Location;
        return location is null
            ? throw new TransferException("http: no Location header in response")
            : new UploadLocation(
                session.Resolve(response.RequestMessage!.RequestUri!, location), ReceivedOf(response));
    }

    /// <summary>The address with a parameter added.</summary>
    public Uri With(string parameters) => new UriBuilder(Address)
    {
        Query = Address.Query.Length > 1 ? $"{Address.Query[1..]}&{parameters}" : parameters,
    }.Uri;

    /// <summary>
    /// Reads <c>Range: 0-last</c>. An upload of nothing says <c>0-0</c>, as one of a single byte does; nobody sends
    /// single bytes.
    /// </summary>
    private static long? ReceivedOf(HttpResponseMessage response)
    {
        var text = response.Headers.TryGetValues("Range", out var values)
            || response.Content.Headers.TryGetValues("Range", out values) ? values.First() : "";
        var dash = text.LastIndexOf('-');
        return dash > 0
            && long.TryParse(text[(dash + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var last)
            ? last == 0 ? 0 : last + 1
            : null;
    }
}
