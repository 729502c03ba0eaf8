using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;
using Ollama.Platform.Api.Errors;
using Ollama.Platform.Api.GoJson;
using Ollama.Platform.Api.Streaming;

namespace Ollama.Platform.Api.Batches;

/// <summary>
/// Reads the form of an upload. The file goes to its place as it arrives; the fields are short, and in any order.
/// </summary>
internal sealed class UploadForm(FileStore files) : IDisposable
{
    private const int FieldCountMax = 16;
    private const int FieldBytesMax = 4096;
    private const int NameLengthMax = 255;
    private const int BoundaryLengthMax = 200;

    private readonly Dictionary<string, string> _fields = new(StringComparer.Ordinal);
    private FileRoom? _room;

    /// <summary>The id under which the bytes lie; null when the form held no file.</summary>
    public string? Id { get; private set; }

    /// <summary>What the client called the file.</summary>
    public string Name { get; private set; } = "";

    /// <summary>Its length.</summary>
    public long Bytes { get; private set; }

    /// <summary>The text of a field; null when the form had none.</summary>
    public string? this[string field] => _fields.GetValueOrDefault(field);

    /// <summary>Reads the form to its end.</summary>
    /// <exception cref="Contracts.Errors.ModelException">It is no such form.</exception>
    /// <exception cref="ApiException">The file is too long, or the body breaks off.</exception>
    public async Task ReadAsync(HttpContext context, CancellationToken cancellationToken)
    {
        // The limits are on the parts.
        RequestBody.LiftLimit(context);
        if (!MediaTypeHeaderValue.TryParse(context.Request.ContentType, out var type)
            || !type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase)
            || HeaderUtilities.RemoveQuotes(type.Boundary) is not { Length: > 0 and <= BoundaryLengthMax } boundary)
        {
            throw GoJsonErrors.Refuse("the body must be multipart/form-data with the fields file and purpose");
        }

        try
        {
            var reader = new MultipartReader(boundary.ToString(), context.Request.Body);
            for (var count = 0; await reader.ReadNextSectionAsync(cancellationToken) is { } section; count++)
            {
                if (count >= FieldCountMax)
                {
                    throw GoJsonErrors.Refuse($"the form has more than {FieldCountMax} fields");
                }

                await ReadSectionAsync(section, cancellationToken);
            }
        }
        catch (InvalidDataException)
        {
            throw GoJsonErrors.Refuse("the multipart body is malformed");
        }
        catch (IOException failure) when (failure is not Contracts.Blobs.BlobStorageException)
        {
            // The connection was cut, or the end of the form is missing.
            throw new ApiException(ApiErrorCode.BodyIncomplete);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _room?.Dispose();

    private async Task ReadSectionAsync(MultipartSection section, CancellationToken cancellationToken)
    {
        if (!ContentDispositionHeaderValue.TryParse(section.ContentDisposition, out var disposition)
            || HeaderUtilities.RemoveQuotes(disposition.Name) is not { Length: > 0 } name)
        {
            throw GoJsonErrors.Refuse("a field of the form has no name");
        }

        if (name != "file")
        {
            _fields[name.ToString()] = await ReadTextAsync(section.Body, name.ToString(), cancellationToken);
            return;
        }

        if (Id is not null)
        {
            throw GoJsonErrors.Refuse("the form holds more than one file");
        }

        var fileName = disposition.FileNameStar.HasValue ? disposition.FileNameStar : disposition.FileName;
        Name = HeaderUtilities.RemoveQuotes(fileName).ToString() is { Length: > 0 and <= NameLengthMax } given
            ? given
            : throw GoJsonErrors.Refuse($"the file needs a name of at most {NameLengthMax} characters");
        _room = await files.ReserveAsync(cancellationToken);
        Id = FileStore.NewId();
        Bytes = await files.WriteAsync(Id, section.Body, _room.BytesMax, cancellationToken);
    }

    private static async Task<string> ReadTextAsync(Stream body, string name, CancellationToken cancellationToken)
    {
        var buffer = new byte[FieldBytesMax + 1];
        var length = await body.ReadAtLeastAsync(
            buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
        return length <= FieldBytesMax
            ? Encoding.UTF8.GetString(buffer, 0, length)
            : throw GoJsonErrors.Refuse(string.Create(
                CultureInfo.InvariantCulture, $"the field {GoText.Quote(name)} is longer than {FieldBytesMax} bytes"));
    }
}
