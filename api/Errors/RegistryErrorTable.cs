using System.Diagnostics;
using Microsoft.AspNetCore.Http;

namespace Ollama.Platform.Api.Errors;

/// <summary>Statuses and texts of the registry's refusals, as the distribution protocol has them.</summary>
internal static class RegistryErrorTable
{
    /// <summary>Status, code on the wire and text of a refusal.</summary>
    public static (int Status, string Code, string Message) Of(RegistryErrorCode code) => code switch
    {
        RegistryErrorCode.BlobUnknown =>
            (StatusCodes.Status404NotFound, "BLOB_UNKNOWN", "blob unknown to registry"),
        RegistryErrorCode.BlobUploadInvalid =>
            (StatusCodes.Status416RangeNotSatisfiable, "BLOB_UPLOAD_INVALID", "blob upload invalid"),
        RegistryErrorCode.BlobUploadUnknown =>
            (StatusCodes.Status404NotFound, "BLOB_UPLOAD_UNKNOWN", "blob upload unknown to registry"),
        RegistryErrorCode.DigestInvalid => (
            StatusCodes.Status400BadRequest, "DIGEST_INVALID", "provided digest did not match uploaded content"),
        RegistryErrorCode.ManifestBlobUnknown =>
            (StatusCodes.Status400BadRequest, "MANIFEST_BLOB_UNKNOWN", "blob unknown to registry"),
        RegistryErrorCode.ManifestInvalid =>
            (StatusCodes.Status400BadRequest, "MANIFEST_INVALID", "manifest invalid"),
        RegistryErrorCode.ManifestUnknown =>
            (StatusCodes.Status404NotFound, "MANIFEST_UNKNOWN", "manifest unknown"),
        RegistryErrorCode.NameInvalid =>
            (StatusCodes.Status400BadRequest, "NAME_INVALID", "invalid repository name"),
        RegistryErrorCode.NameUnknown =>
            (StatusCodes.Status404NotFound, "NAME_UNKNOWN", "repository name not known to registry"),
        RegistryErrorCode.TagInvalid =>
            (StatusCodes.Status400BadRequest, "TAG_INVALID", "manifest tag did not match URI"),
        RegistryErrorCode.PaginationNumberInvalid => (
            StatusCodes.Status400BadRequest, "PAGINATION_NUMBER_INVALID", "invalid number of results requested"),
        RegistryErrorCode.SizeInvalid => (
            StatusCodes.Status413PayloadTooLarge, "SIZE_INVALID", "provided length did not match content length"),
        RegistryErrorCode.BodyIncomplete => (
            StatusCodes.Status400BadRequest, "SIZE_INVALID", "provided length did not match content length"),
        RegistryErrorCode.Denied =>
            (StatusCodes.Status403Forbidden, "DENIED", "requested access to the resource is denied"),
        RegistryErrorCode.Unsupported =>
            (StatusCodes.Status405MethodNotAllowed, "UNSUPPORTED", "The operation is unsupported."),
        RegistryErrorCode.TooManyRequests =>
            (StatusCodes.Status429TooManyRequests, "TOOMANYREQUESTS", "too many requests"),
        RegistryErrorCode.PathUnknown =>
            (StatusCodes.Status404NotFound, "NAME_UNKNOWN", "repository name not known to registry"),
        RegistryErrorCode.Unavailable =>
            (StatusCodes.Status503ServiceUnavailable, "UNAVAILABLE", "service unavailable"),
        _ => throw new UnreachableException(),
    };
}
