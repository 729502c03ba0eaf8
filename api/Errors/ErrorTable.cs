using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Ollama.Platform.Api.GoJson;
using Ollama.Platform.Api.Ollama;
using Ollama.Platform.Api.Routing;
using Ollama.Platform.Contracts.Errors;
using Ollama.Platform.Contracts.Library;

namespace Ollama.Platform.Api.Errors;

/// <summary>
/// The one table from refusals to statuses and texts. The texts are Ollama's own wherever it has one: clients and
/// scripts match on them.
/// </summary>
internal static class ErrorTable
{
    private const string ContextExceededText =
        "the prompt is longer than the context length currently available to the model; shorten the prompt, "
        + "adjust the context length in settings, or use a model with a longer context length";

    private const string RunnerStoppedText =
        "model runner has unexpectedly stopped, this may be due to resource limitations or an internal error, "
        + "check ollama server logs for details";

    private const string CloudHost = "ollama.com";

    /// <summary>What nginx introduced for "client closed request"; Ollama uses it too.</summary>
    public const int ClientClosedRequest = 499;

    /// <summary>The work was ended by whoever wanted it.</summary>
    public static ErrorReply Canceled { get; } = new(ClientClosedRequest, "request canceled");

    /// <summary>The server stopped before work without a request of its own had ended.</summary>
    public static ErrorReply Stopped { get; } =
        new(StatusCodes.Status500InternalServerError, "the server stopped before the response was complete");

    /// <summary>Work without a request of its own met a bug.</summary>
    public static ErrorReply Bug { get; } =
        new(StatusCodes.Status500InternalServerError, "the server made a mistake, its log says more");

    /// <summary>
    /// What a refusal means to a client: one that wants to run a model of this server's own (<c>:local</c>) finds none
    /// where another server runs it.
    /// </summary>
    public static ModelErrorCode CodeOf(Refusal refusal, RouteKind route, string model) =>
        refusal.Code == ModelErrorCode.ModelRemote && route != RouteKind.Show && ModelReference.IsLocal(model)
            ? ModelErrorCode.ModelNotFound
            : refusal.Code;

    /// <summary>A model's refusal in Ollama's dialect.</summary>
    /// <param name="refusal">What was refused.</param>
    /// <param name="route">The route, which may word it in its own way.</param>
    /// <param name="model">The model as the client wrote it, source suffix and all.</param>
    public static ErrorReply Ollama(Refusal refusal, RouteKind route, string model) =>
        Of(CodeOf(refusal, route, model), refusal, route, model);

    private static ErrorReply Of(ModelErrorCode code, Refusal refusal, RouteKind route, string model) => code switch
    {
        ModelErrorCode.NameInvalid => BadRequest("invalid model name"),
        // A pull found none in the registry: Ollama passes its words on, as after any other failure.
        ModelErrorCode.ModelNotFound
            when route == RouteKind.Pull || (route == RouteKind.Create && refusal.Detail is not null) =>
            Failure(refusal, "pull model manifest: not found"),
        ModelErrorCode.ModelNotFound => new(StatusCodes.Status404NotFound, NotFound(route, model)),
        ModelErrorCode.BlobMissing => new(StatusCodes.Status404NotFound, NotFoundTryPulling(model)),
        ModelErrorCode.CapabilityMissing => BadRequest(CapabilityMissing(refusal, route, model)),
        ModelErrorCode.ThinkingUnsupported => BadRequest($"\"{model}\" does not support thinking"),
        ModelErrorCode.OptionInvalid => new(OfMistake(route), refusal.Detail ?? "invalid option"),
        ModelErrorCode.RequestInvalid => BadRequest(refusal.Detail ?? "invalid request"),
        ModelErrorCode.FormatInvalid => new(OfMistake(route), refusal.Detail ?? "invalid format"),
        ModelErrorCode.ContextExceeded => BadRequest(ContextExceededText),
        ModelErrorCode.InputTooLong => new(
            OfEmbedding(route, StatusCodes.Status400BadRequest),
            refusal.Detail ?? "the input length exceeds the context length"),
        ModelErrorCode.TemplateFailed => Failure(refusal, "template error"),
        ModelErrorCode.QueueFull => new(
            StatusCodes.Status503ServiceUnavailable,
            // Two spaces, as everyone has come to know it.
            "server busy, please try again.  maximum pending requests exceeded"),
        ModelErrorCode.MemoryExceeded => Failure(refusal, "model requires more memory than is available"),
        ModelErrorCode.LoadFailed => Failure(refusal, "model failed to load"),
        ModelErrorCode.LoadTimedOut => Failure(refusal, "timed out waiting for the model to load"),
        ModelErrorCode.RunnerStopped => new(OfRun(route), WithDetail(RunnerStoppedText, refusal.Detail)),
        ModelErrorCode.EngineFailed => new(OfRun(route), refusal.Detail ?? RunnerStoppedText),
        ModelErrorCode.EmbeddingUnsupported => new(
            OfEmbedding(route, StatusCodes.Status501NotImplemented),
            refusal.Detail ?? "this model does not support embeddings"),
        ModelErrorCode.EmbeddingNotFinite => new(
            OfEmbedding(route, StatusCodes.Status400BadRequest), "embedding contains NaN or Inf values"),
        ModelErrorCode.ToolCallMalformed => Failure(refusal, "the model returned invalid tool call arguments"),
        ModelErrorCode.ShuttingDown => new(StatusCodes.Status503ServiceUnavailable, "server is shutting down"),
        ModelErrorCode.Canceled => Canceled,
        ModelErrorCode.DeadlineExceeded => new(
            StatusCodes.Status503ServiceUnavailable, refusal.Detail ?? "server busy, the request waited too long"),
        ModelErrorCode.ModelFileInvalid => Failure(refusal, "the model file is damaged"),
        ModelErrorCode.Unsupported => Failure(refusal, "the model needs something that this server does not have"),
        ModelErrorCode.TransferFailed => Failure(refusal, "the transfer failed"),
        ModelErrorCode.ModelRemote => Remote(refusal, route),
        _ => throw new UnreachableException(),
    };

    /// <summary>A refusal of the edge in Ollama's dialect.</summary>
    /// <param name="code">What was refused.</param>
    /// <param name="detail">What it is about, where the code has that.</param>
    public static ErrorReply Ollama(ApiErrorCode code, string? detail = null) => code switch
    {
        ApiErrorCode.BodyTooLarge => TooLarge("http: request body too large"),
        ApiErrorCode.MessagesTooMany => TooLarge("too many messages in one request"),
        ApiErrorCode.ImagesTooMany => TooLarge("too many images in one request"),
        ApiErrorCode.ImageTooLarge => TooLarge("an image of the request is too large"),
        ApiErrorCode.BodyIncomplete => BadRequest("unexpected EOF"),
        ApiErrorCode.CloudDisabled => new(
            StatusCodes.Status403Forbidden, "ollama cloud is disabled: remote model is unavailable"),
        ApiErrorCode.CloudDetailsDisabled => new(
            StatusCodes.Status403Forbidden, "ollama cloud is disabled: remote model details are unavailable"),
        ApiErrorCode.RequestIdInvalid => BadRequest(
            $"{RequestId.Header} must be 1 to 128 visible ASCII characters"),
        ApiErrorCode.RequestNotFound => new(
            StatusCodes.Status404NotFound, $"no request runs under the id {GoText.Quote(detail ?? "")}"),
        ApiErrorCode.ResponseNotFound => new(
            StatusCodes.Status404NotFound, $"response {GoText.Quote(detail ?? "")} not found"),
        ApiErrorCode.PreviousResponseNotFound =>
            BadRequest($"previous response {GoText.Quote(detail ?? "")} not found") with
            {
                Field = "previous_response_id",
                Word = "previous_response_not_found",
            },
        ApiErrorCode.ItemNotFound =>
            BadRequest($"item {GoText.Quote(detail ?? "")} not found") with { Field = "input" },
        ApiErrorCode.FileTooLarge => new(StatusCodes.Status413PayloadTooLarge, detail ?? "the file is too long"),
        ApiErrorCode.FileNotFound => new(StatusCodes.Status404NotFound, $"No such File object: {detail}")
        {
            Field = "id",
        },
        ApiErrorCode.BatchNotFound => new(StatusCodes.Status404NotFound, $"No batch found with id '{detail}'."),
        _ => throw new UnreachableException(),
    };

    /// <summary>The <c>type</c> that stands for a status in Anthropic's error bodies.</summary>
    public static string AnthropicType(int status) => status switch
    {
        StatusCodes.Status400BadRequest => "invalid_request_error",
        StatusCodes.Status401Unauthorized => "authentication_error",
        StatusCodes.Status403Forbidden => "permission_error",
        StatusCodes.Status404NotFound => "not_found_error",
        StatusCodes.Status413PayloadTooLarge => "request_too_large",
        StatusCodes.Status429TooManyRequests => "rate_limit_error",
        StatusCodes.Status503ServiceUnavailable => "overloaded_error",
        _ => "api_error",
    };

    /// <summary>The kind of a refusal in OpenAI's dialect, which keeps the statuses and texts of Ollama's.</summary>
    public static string OpenAiType(int status) => status switch
    {
        StatusCodes.Status400BadRequest or StatusCodes.Status413PayloadTooLarge => "invalid_request_error",
        StatusCodes.Status404NotFound => "not_found_error",
        _ => "api_error",
    };

    /// <summary>
    /// The refusal comes from the run itself and not from what precedes it. Ollama sends such a one through the
    /// stream's writer, which spells the content type differently.
    /// </summary>
    public static bool IsOfRun(ModelErrorCode code) => code is ModelErrorCode.FormatInvalid
        or ModelErrorCode.ContextExceeded or ModelErrorCode.RunnerStopped or ModelErrorCode.EngineFailed
        or ModelErrorCode.ToolCallMalformed;

    /// <summary>There is no way from here to ollama.com, so that its models are what Ollama calls disabled.</summary>
    private static ErrorReply Remote(Refusal refusal, RouteKind route) => route == RouteKind.Show
        ? Ollama(ApiErrorCode.CloudDetailsDisabled)
        : Uri.TryCreate(refusal.Detail, UriKind.Absolute, out var host) && host.Host == CloudHost
            ? Ollama(ApiErrorCode.CloudDisabled)
            : BadRequest("this server cannot run this remote model");

    private static ErrorReply TooLarge(string message) => new(StatusCodes.Status413PayloadTooLarge, message);

    private static ErrorReply BadRequest(string message) => new(StatusCodes.Status400BadRequest, message);

    private static ErrorReply Failure(Refusal refusal, string fallback) =>
        new(StatusCodes.Status500InternalServerError, refusal.Detail ?? fallback);

    // Ollama answers every failed embedding without a status of its own with 400, but on the older route with 500.
    private static int OfRun(RouteKind route) =>
        route == RouteKind.Embed ? StatusCodes.Status400BadRequest : StatusCodes.Status500InternalServerError;

    // Ollama answers some mistakes of a client with 500; those who know Anthropic's or OpenAI's would try
    // again, and routes that Ollama does not have need not repeat it.
    private static int OfMistake(RouteKind route) =>
        route is RouteKind.Messages or RouteKind.Responses or RouteKind.Rerank or RouteKind.Tokenize
            ? StatusCodes.Status400BadRequest
            : StatusCodes.Status500InternalServerError;

    private static int OfEmbedding(RouteKind route, int status) =>
        route == RouteKind.Embeddings ? StatusCodes.Status500InternalServerError : status;

    private static string WithDetail(string text, string? detail) => detail is null ? text : $"{text}: {detail}";

    private static string NotFound(RouteKind route, string model)
    {
        if (string.IsNullOrWhiteSpace(model))
        {
            return "model '' not found";
        }

        return route switch
        {
            RouteKind.Embed or RouteKind.Embeddings => NotFoundTryPulling(model),
            RouteKind.Show => $"model '{DisplayName(model)}' not found",
            RouteKind.Copy => $"model {GoText.Quote(model)} not found",
            _ => $"model '{model}' not found",
        };
    }

    private static string NotFoundTryPulling(string model) => $"model \"{model}\" not found, try pulling it first";

    private static string CapabilityMissing(Refusal refusal, RouteKind route, string model)
    {
        var missing = (refusal.Detail ?? "").Split(
            ',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (missing.Contains("completion"))
        {
            return $"\"{model}\" does not support {(IsChat(route) ? "chat" : "generate")}";
        }

        var name = FullName(refusal.Model ?? model);
        return string.Join('\n', missing.Select(capability => $"{name} does not support {capability}"));
    }

    private static bool IsChat(RouteKind route) => route is RouteKind.Chat or RouteKind.Messages or RouteKind.Responses;

    private static string DisplayName(string model) =>
        ModelName.TryParse(model, out var name) ? name.DisplayName : model;

    private static string FullName(string model) => ModelName.TryParse(model, out var name) ? name.ToString() : model;
}
