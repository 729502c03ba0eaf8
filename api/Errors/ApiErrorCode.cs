namespace Ollama.Platform.Api.Errors;

/// <summary>What the edge refuses on its own, without a model having been asked.</summary>
internal enum ApiErrorCode
{
    /// <summary>The body is longer than the server takes.</summary>
    BodyTooLarge,

    /// <summary>The connection did not deliver the body that it announced.</summary>
    BodyIncomplete,

    /// <summary>A model of ollama.com was asked to run.</summary>
    CloudDisabled,

    /// <summary>A model of ollama.com was asked about.</summary>
    CloudDetailsDisabled,

    /// <summary>What the client calls its request cannot be an id.</summary>
    RequestIdInvalid,

    /// <summary>No request runs under the id that is the detail.</summary>
    RequestNotFound,

    /// <summary>No response is kept under the id that is the detail.</summary>
    ResponseNotFound,

    /// <summary>The response to go on from, whose id is the detail, is not kept.</summary>
    PreviousResponseNotFound,

    /// <summary>The item that an input refers to, whose id is the detail, is not kept.</summary>
    ItemNotFound,

    /// <summary>There is no room for a file; the detail is the whole sentence.</summary>
    FileTooLarge,

    /// <summary>There is no file under the id that is the detail.</summary>
    FileNotFound,

    /// <summary>There is no batch under the id that is the detail.</summary>
    BatchNotFound,

    /// <summary>A conversation has more messages than the server takes.</summary>
    MessagesTooMany,

    /// <summary>A request has more images than the server takes.</summary>
    ImagesTooMany,

    /// <summary>An image has more bytes than the server takes.</summary>
    ImageTooLarge,
}
