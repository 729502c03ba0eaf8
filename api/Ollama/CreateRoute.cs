using System.Runtime.CompilerServices;
using Microsoft.Extensions.Options;
using Ollama.Platform.Api.Ollama.Requests;
using Ollama.Platform.Api.Routing;
using Ollama.Platform.Contracts.Library;

namespace Ollama.Platform.Api.Ollama;

/// <summary><c>POST /api/create</c>: makes a model of another, or of files that were uploaded before.</summary>
internal sealed class CreateRoute(IModelCreation creation, ProgressStream progress, IOptions<ApiOptions> options)
{
    /// <summary>Answers one request.</summary>
    public async Task HandleAsync(ApiRequest request)
    {
        var body = CreateBody.Read(await request.ReadBodyAsync(options.Value.BodyBytesMax));
        request.Model = body.From.Length > 0 ? body.From : body.Model;
        request.IsStream = body.Stream;
        var creationRequest = body.ToRequest();
        await progress.WriteAsync(request, CreateAsync(body, creationRequest, request.Aborted));
    }

    private async IAsyncEnumerable<TransferProgress> CreateAsync(
        CreateBody body, CreationRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var step in creation.CreateAsync(body.Complete(request), cancellationToken))
        {
            yield return step;
        }
    }
}
