using System.Globalization;
using Microsoft.AspNetCore.Http;
using Ollama.Platform.Api.Errors;
using Ollama.Platform.Api.Routing;

namespace Ollama.Platform.Api.Grpc.Calls;

/// <summary>
/// Says what was wrong with a message that kept a call from beginning, where the library would tell of an unknown
/// failure. Stands between routing and the calls.
/// </summary>
internal sealed class MessageGuard(RequestDelegate next)
{
    /// <summary>What is said of a message that is none.</summary>
    public const string InvalidText = "the request cannot be read as a message of this call";

    private const string StatusHeader = "grpc-status";
    private const string MessageHeader = "grpc-message";
    private const string DetailsHeader = "grpc-status-details-bin";

    // As the library has them: unknown, and resource exhausted.
    private const string Unreadable = "2";
    private const string TooLarge = "8";

    /// <summary>Passes the call on, and completes its status where it did not begin.</summary>
    public async Task InvokeAsync(HttpContext context)
    {
        await next(context);
        var headers = context.Response.Headers;

        // A call that has begun has an id, and refusals of its own.
        if (context.Response.HasStarted || headers.ContainsKey(RequestId.Header))
        {
            return;
        }

        switch (headers[StatusHeader].ToString())
        {
            case Unreadable:
                Refuse(headers, GrpcErrorTable.Of(GrpcErrorCode.MessageInvalid), InvalidText);
                break;
            case TooLarge:
                Refuse(headers, GrpcErrorTable.Of(ApiErrorCode.BodyTooLarge), headers[MessageHeader].ToString());
                break;
        }
    }

    private static void Refuse(IHeaderDictionary headers, GrpcReply reply, string message)
    {
        var refusal = GrpcRefusals.Refuse(reply, message, model: "");
        headers[StatusHeader] = ((int)refusal.StatusCode).ToString(CultureInfo.InvariantCulture);
        headers[MessageHeader] = message;
        headers[DetailsHeader] = Convert.ToBase64String(
            refusal.Trailers.Single(entry => entry.Key == DetailsHeader).ValueBytes);
    }
}
