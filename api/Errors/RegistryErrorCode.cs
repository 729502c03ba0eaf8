namespace Ollama.Platform.Api.Errors;

/// <summary>What the registry's routes refuse, as the distribution protocol names it.</summary>
internal enum RegistryErrorCode
{
    /// <summary>No such blob.</summary>
    BlobUnknown,

    /// <summary>A piece does not begin where the upload stands.</summary>
    BlobUploadInvalid,

    /// <summary>No such upload.</summary>
    BlobUploadUnknown,

    /// <summary>The digest breaks its grammar, or the content has another.</summary>
    DigestInvalid,

    /// <summary>A manifest names a blob that is not here.</summary>
    ManifestBlobUnknown,

    /// <summary>The bytes are no manifest of one model.</summary>
    ManifestInvalid,

    /// <summary>No such manifest.</summary>
    ManifestUnknown,

    /// <summary>The repository's name is none that a model can have.</summary>
    NameInvalid,

    /// <summary>No such repository.</summary>
    NameUnknown,

    /// <summary>The tag is none that a model can have.</summary>
    TagInvalid,

    /// <summary>The number of entries asked for is none.</summary>
    PaginationNumberInvalid,

    /// <summary>The body is longer than allowed.</summary>
    SizeInvalid,

    /// <summary>The body ended before its time.</summary>
    BodyIncomplete,

    /// <summary>Writing is switched off.</summary>
    Denied,

    /// <summary>The method or feature does not exist here.</summary>
    Unsupported,

    /// <summary>Too many uploads are open.</summary>
    TooManyRequests,

    /// <summary>The path names nothing.</summary>
    PathUnknown,

    /// <summary>The store failed.</summary>
    Unavailable,
}
