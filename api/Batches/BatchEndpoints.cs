using System.Net.Mime;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Ollama.Platform.Api.Batches.Wire;
using Ollama.Platform.Api.GoJson;
using Ollama.Platform.Api.OpenAi;
using Ollama.Platform.Api.Responses;
using Ollama.Platform.Api.Routing;
using Ollama.Platform.Contracts.Models;

namespace Ollama.Platform.Api.Batches;

/// <summary>
/// The routes that batches may use. A line goes through its route as a request from outside would, so that it is
/// answered and refused in the same words.
/// </summary>
internal sealed class BatchEndpoints
{
    // Half as urgent as what can wait at all, and behind everybody who waits for an answer.
    private const int Priority = RequestPriority.Min / 2;

    /// <summary>How deep an answer may be nested: it repeats parts of its request.</summary>
    public static readonly JsonDocumentOptions Depth = new() { MaxDepth = 2 * GoJsonScanner.DepthMax };

    private readonly IServiceProvider _services;
    private readonly Dictionary<string, RequestDelegate> _routes;

    /// <summary>Takes the routes from those that answer requests.</summary>
    public BatchEndpoints(IServiceProvider services, RouteGuard guard)
    {
        _services = services;
        RequestDelegate Around(RouteKind kind, Func<ApiRequest, Task> handle) =>
            guard.Around(kind, handle, OpenAiReplies.RefuseAsync);

        _routes = new(StringComparer.Ordinal)
        {
            ["/v1/chat/completions"] = Around(
                RouteKind.Chat, services.GetRequiredService<ChatCompletionsRoute>().HandleAsync),
            ["/v1/completions"] = Around(
                RouteKind.Generate, services.GetRequiredService<CompletionsRoute>().HandleAsync),
            ["/v1/embeddings"] = Around(
                RouteKind.Embed, services.GetRequiredService<EmbeddingListRoute>().HandleAsync),
            ["/v1/responses"] = Around(
                RouteKind.Responses, services.GetRequiredService<ResponsesRoute>().HandleAsync),
        };
    }

    /// <summary>Their paths.</summary>
    public IReadOnlyCollection<string> Paths => _routes.Keys;

    /// <summary>Runs a request to its end.</summary>
    /// <param name="endpoint">One of the paths.</param>
    /// <param name="body">The body of the request.</param>
    /// <param name="cancellationToken">Ends the run early.</param>
    /// <exception cref="OperationCanceledException">It was ended.</exception>
    public async Task<ResultAnswer> RunAsync(string endpoint, byte[] body, CancellationToken cancellationToken)
    {
        await using var scope = _services.CreateAsyncScope();
        using var answer = new MemoryStream();
        var context = new DefaultHttpContext { RequestServices = scope.ServiceProvider };
        context.Features.Set(new RequestUrgency(Priority));
        context.RequestAborted = cancellationToken;
        context.Request.Method = HttpMethods.Post;
        context.Request.Path = endpoint;
        context.Request.ContentType = MediaTypeNames.Application.Json;
        context.Request.ContentLength = body.Length;
        context.Request.Body = new MemoryStream(body, writable: false);
        context.Response.Body = answer;
        await _routes[endpoint](context);
        cancellationToken.ThrowIfCancellationRequested();
        await context.Response.CompleteAsync();
        return new ResultAnswer(
            context.Response.StatusCode,
            context.Response.Headers[RequestId.Header].ToString(),
            JsonDocument.Parse(answer.ToArray(), Depth).RootElement);
    }
}
