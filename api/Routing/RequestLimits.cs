using Microsoft.Extensions.Options;
using Ollama.Platform.Api.Errors;
using Ollama.Platform.Contracts.Models;

namespace Ollama.Platform.Api.Routing;

/// <summary>Refuses requests that hold more than the server takes, before a model is asked. In every dialect.</summary>
internal sealed class RequestLimits(IOptions<ApiOptions> options)
{
    /// <summary>Checks a generation.</summary>
    /// <exception cref="ApiException">There are too many messages or images, or an image is too large.</exception>
    public void Check(GenerationRequest request)
    {
        var limits = options.Value;
        if (request.Messages.Count > limits.MessageCountMax)
        {
            throw new ApiException(ApiErrorCode.MessagesTooMany);
        }

        var imageCount = request.Images.Count + request.Messages.Sum(message => message.Images.Count);
        if (imageCount > limits.ImageCountMax)
        {
            throw new ApiException(ApiErrorCode.ImagesTooMany);
        }

        if (request.Images.Concat(request.Messages.SelectMany(message => message.Images))
            .Any(image => image.Length > limits.ImageBytesMax))
        {
            throw new ApiException(ApiErrorCode.ImageTooLarge);
        }
    }
}
