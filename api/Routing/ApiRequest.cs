using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using Ollama.Platform.Api.Errors;
using Ollama.Platform.Api.GoJson;
using Ollama.Platform.Api.Olla;
using Ollama.Platform.Api.Streaming;

namespace Ollama.Platform.Api.Routing;

/// <summary>
/// One request in any dialect, and what refusing it needs to know.
/// Lives on the request's task.
/// </summary>
internal sealed class ApiRequest(HttpContext context, RouteKind route)
{
    private RunningRequest? _running;

    /// <summary>The HTTP request and response.</summary>
    public HttpContext Context { get; } = context;

    /// <summary>The route.</summary>
    public RouteKind Route { get; } = route;

    /// <summary>The model as the client wrote it; empty until the body was read.</summary>
    public string Model { get; set; } = "";

    /// <summary>The server failed the request: it is to blame for the refusal.</summary>
    public bool HasFailed { get; set; }

    /// <summary>The request came through one of Olla's prefixes; null for one that did not.</summary>
    public OllaExchange? Olla { get; } = context.Features.Get<OllaExchange>();

    /// <summary>The client asked for a stream.</summary>
    public bool IsStream { get; set; }

    /// <summary>This request among those that run; null before and after.</summary>
    public RunningRequest? Running => _running;

    /// <summary>The client went away, or the request was canceled by its id.</summary>
    public CancellationToken Aborted => _running?.Token ?? Context.RequestAborted;

    /// <summary>The request was canceled by its id, and the client waits for an answer.</summary>
    public bool IsCanceled => _running?.IsCanceled == true && !Context.RequestAborted.IsCancellationRequested;

    /// <summary>How urgent the work is, where the body does not say.</summary>
    /// <exception cref="Contracts.Errors.ModelException">The header says something else.</exception>
    public int Priority => Context.Features.Get<RequestUrgency>()?.Priority
        ?? PriorityHeader.Read(Context.Request.Headers[PriorityHeader.Name].ToString(), Model);

    /// <summary>How long the answer is of use, where the body does not say; null for as long as it takes.</summary>
    /// <exception cref="Contracts.Errors.ModelException">The header says something else.</exception>
    public TimeSpan? Deadline => DeadlineHeader.Read(Context.Request.Headers[DeadlineHeader.Name].ToString(), Model);

    /// <summary>The request is a line of a batch.</summary>
    public bool IsOfBatch => Context.Features.Get<RequestUrgency>() is not null;

    /// <summary>From here on the request can be canceled.</summary>
    public void Start(RunningRequest running) => _running = running;

    /// <summary>
    /// The work has ended and what is left is to say so: from here on only the client's leaving counts.
    /// </summary>
    public void EndWork() => _running = null;

    /// <summary>Reads the first JSON value of the body. The content type does not matter.</summary>
    /// <param name="bytesMax">Longest body.</param>
    /// <param name="noValueText">What an empty body is refused with.</param>
    /// <exception cref="ApiException">The body is too long or breaks off.</exception>
    /// <exception cref="Contracts.Errors.ModelException">There is no JSON value, or it is malformed.</exception>
    public async Task<JsonElement> ReadBodyAsync(long bytesMax, string noValueText = "missing request body")
    {
        var body = GoJsonBody.Parse(await RequestBody.ReadAsync(Context, bytesMax, Aborted), noValueText);
        return Olla is { IsNative: true } ? OllaBody.ToNative(body) : body;
    }

    /// <summary>Answers with a whole JSON value.</summary>
    public Task ReplyAsync<T>(T value, JsonTypeInfo<T> typeInfo) =>
        JsonReply.WriteAsync(Context, StatusCodes.Status200OK, MediaTypes.Json, value, typeInfo, Aborted);
}
