using Microsoft.Extensions.Options;
using Ollama.Platform.Api.Ollama.Requests;
using Ollama.Platform.Api.Routing;
using Ollama.Platform.Contracts.Errors;
using Ollama.Platform.Contracts.Library;

namespace Ollama.Platform.Api.Ollama;

/// <summary><c>POST /api/pull</c>: brings a model from its registry.</summary>
internal sealed class PullRoute(IModelTransfers transfers, ProgressStream progress, IOptions<ApiOptions> options)
{
    /// <summary>Answers one request.</summary>
    public async Task HandleAsync(ApiRequest request)
    {
        var body = TransferBody.Read(await request.ReadBodyAsync(options.Value.BodyBytesMax), "PullRequest");
        (request.Model, request.IsStream) = (body.Model, body.IsStream);
        var name = string.IsNullOrWhiteSpace(body.Model) ? null : ModelReference.ParseStored(body.Model);
        await progress.WriteAsync(request, transfers.PullAsync(
            name ?? throw new ModelException(ModelErrorCode.NameInvalid, body.Model), body.Insecure, request.Aborted));
    }
}
