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

    /// <summary>A conversation has more messages than the server takes.</summary>
    MessagesTooMany,

    /// <summary>A request has more images than the server takes.</summary>
    ImagesTooMany,

    /// <summary>An image has more bytes than the server takes.</summary>
    ImageTooLarge,
}
