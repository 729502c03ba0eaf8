using Microsoft.Extensions.Options;
using Ollama.Platform.Api.Ollama.Requests;
using Ollama.Platform.Api.Routing;
using Ollama.Platform.Contracts.Errors;
using Ollama.Platform.Contracts.Library;

namespace Ollama.Platform.Api.Ollama;

/// <summary><c>POST /api/push</c>: sends a model to its registry.</summary>
internal sealed class PushRoute(IModelTransfers transfers, ProgressStream progress, IOptions<ApiOptions> options)
{
    /// <summary>Answers one request.</summary>
    public async Task HandleAsync(ApiRequest request)
    {
        var body = TransferBody.Read(await request.ReadBodyAsync(options.Value.BodyBytesMax), "PushRequest");
        (request.Model, request.IsStream) = (body.Model, body.IsStream);
        if (body.Model.Length == 0)
        {
            throw new ModelException(ModelErrorCode.RequestInvalid, "", "model is required");
        }

        if (!ModelName.TryParse(body.Model, out var name))
        {
            throw new ModelException(ModelErrorCode.NameInvalid, body.Model);
        }

        await progress.WriteAsync(request, transfers.PushAsync(name, body.Insecure, request.Aborted));
    }
}
