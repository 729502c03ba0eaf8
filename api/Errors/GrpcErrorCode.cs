namespace Ollama.Platform.Api.Errors;

/// <summary>What only the calls of the gRPC dialect refuse.</summary>
internal enum GrpcErrorCode
{
    /// <summary>No such blob.</summary>
    BlobNotFound,

    /// <summary>A range begins behind the end of a blob.</summary>
    RangeInvalid,

    /// <summary>An upload does not go on where the one before broke off.</summary>
    OffsetMismatch,

    /// <summary>The content has another digest than was announced.</summary>
    DigestMismatch,

    /// <summary>Too many uploads are open.</summary>
    TooManyUploads,

    /// <summary>Too many calls watch the models.</summary>
    TooManyWatchers,

    /// <summary>The health of what nobody knows was asked for.</summary>
    ServiceUnknown,

    /// <summary>The store could not keep content.</summary>
    StoreFailed,

    /// <summary>What was sent is no message of the call.</summary>
    MessageInvalid,

    /// <summary>Messages are compressed in a way that nobody reads here.</summary>
    EncodingUnsupported,

    /// <summary>There is no such service, or no such method of it.</summary>
    CallUnknown,

    /// <summary>A failure of the server itself.</summary>
    Internal,
}
