using System.Globalization;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Ollama.Platform.Api.Errors;
using Ollama.Platform.Api.Routing;

namespace Ollama.Platform.Api.Grpc.Calls;

/// <summary>
/// Says what was wrong with a message that kept a call from beginning, where the library would tell of an unknown
/// failure. Stands between routing and the calls.
/// </summary>
internal sealed class MessageGuard(RequestDelegate next, TimeProvider time)
{
    /// <summary>What is said of a message that is none.</summary>
    public const string InvalidText = "the request cannot be read as a message of this call";

    private const string LateText = "the message of this call did not arrive in time";
    private const string StatusHeader = "grpc-status";
    private const string MessageHeader = "grpc-message";
    private const string DetailsHeader = "grpc-status-details-bin";
    private const string EncodingPart = "grpc-encoding";

    /// <summary>Passes the call on, and completes its status where it did not begin.</summary>
    public async Task InvokeAsync(HttpContext context)
    {
        using var arrival = MessageArrival.Begin(context, time);
        await next(context);
        var headers = context.Response.Headers;

        // A call that has begun has an id, and refusals of its own. What is no gRPC at all is answered as HTTP.
        if (context.Response.HasStarted || headers.ContainsKey(RequestId.Header)
            || context.Response.StatusCode != StatusCodes.Status200OK
            || !int.TryParse(headers[StatusHeader], CultureInfo.InvariantCulture, out var status))
        {
            return;
        }

        var detail = Uri.UnescapeDataString(headers[MessageHeader].ToString());
        (GrpcReply, string)? refusal = arrival is { IsLate: true }
            ? (GrpcErrorTable.Of(ApiErrorCode.BodyIncomplete), LateText)
            : (StatusCode)status == StatusCode.Unimplemented && !IsOfEncoding(detail)
            ? (GrpcErrorTable.Of(GrpcErrorCode.CallUnknown), $"there is no call {context.Request.Path}")
            : Read(new((StatusCode)status, detail));
        if (refusal is var (reply, message))
        {
            Refuse(headers, reply, message);
        }
    }

    /// <summary>What the library's status for messages that it could not take means; null for any other.</summary>
    public static (GrpcReply Reply, string Message)? Read(Status status) => status.StatusCode switch
    {
        StatusCode.Unknown => (GrpcErrorTable.Of(GrpcErrorCode.MessageInvalid), InvalidText),

        // The library's words for frames that break off, have one too many or none.
        StatusCode.Internal => (
            GrpcErrorTable.Of(GrpcErrorCode.MessageInvalid), $"{InvalidText}: {status.Detail}"),
        StatusCode.ResourceExhausted => (GrpcErrorTable.Of(ApiErrorCode.BodyTooLarge), status.Detail),
        StatusCode.Unimplemented when IsOfEncoding(status.Detail) => (
            GrpcErrorTable.Of(GrpcErrorCode.EncodingUnsupported), status.Detail),
        _ => null,
    };

    private static bool IsOfEncoding(string detail) => detail.Contains(EncodingPart, StringComparison.Ordinal);

    private static void Refuse(IHeaderDictionary headers, GrpcReply reply, string message)
    {
        var refusal = GrpcRefusals.Refuse(reply, message, model: "");
        headers[StatusHeader] = ((int)refusal.StatusCode).ToString(CultureInfo.InvariantCulture);
        var text = refusal.Status.Detail;
        headers[MessageHeader] = text.AsSpan().ContainsAnyExceptInRange(' ', '~') || text.Contains('%')
            ? Uri.EscapeDataString(text)
            : text;
        headers[DetailsHeader] = Convert.ToBase64String(
            refusal.Trailers.Single(entry => entry.Key == DetailsHeader).ValueBytes);
    }
}
