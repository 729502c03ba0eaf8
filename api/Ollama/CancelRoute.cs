using Microsoft.Extensions.Options;
using Ollama.Platform.Api.Errors;
using Ollama.Platform.Api.GoJson;
using Ollama.Platform.Api.Ollama.Wire;
using Ollama.Platform.Api.Routing;

namespace Ollama.Platform.Api.Ollama;

/// <summary>
/// <c>POST /api/cancel</c>: ends the requests that run under an id, in whatever dialect they came. Their slots are free
/// before the next step, and their clients are told.
/// </summary>
internal sealed class CancelRoute(RunningRequests requests, IOptions<ApiOptions> options)
{
    /// <summary>Answers one request.</summary>
    public async Task HandleAsync(ApiRequest request)
    {
        var body = GoObject.Root(await request.ReadBodyAsync(options.Value.BodyBytesMax), "CancelRequest");
        var id = "";
        foreach (var field in body.Fields.Where(field => field.Name == "id"))
        {
            id = field.AsString() ?? id;
        }

        body.Errors.ThrowIfAny();
        if (id.Length == 0)
        {
            throw GoJsonErrors.Refuse("id is required");
        }

        var count = await requests.CancelAsync(id, request.Running);
        if (count == 0)
        {
            throw new ApiException(ApiErrorCode.RequestNotFound, id);
        }

        await request.ReplyAsync(new CancelReply(id, count), WireJson.Default.CancelReply);
    }
}
