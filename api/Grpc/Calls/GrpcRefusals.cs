using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using Microsoft.Extensions.Logging;
using Ollama.Platform.Api.Errors;
using Ollama.Platform.Contracts.Blobs;
using Ollama.Platform.Contracts.Errors;

namespace Ollama.Platform.Api.Grpc.Calls;

/// <summary>Turns what a call threw into its status, with the reason as a detail that programs can read.</summary>
internal sealed partial class GrpcRefusals(ILogger<GrpcRefusals> logger)
{
    /// <summary>The <c>domain</c> of all reasons.</summary>
    public const string Domain = "ollama";

    // Statuses travel in trailers, and clients limit those to 8 KiB and less.
    private const int MessageLengthMax = 1024;

    /// <summary>The refusal of one failure, which is noted where it is the server's fault.</summary>
    /// <param name="failure">What was thrown.</param>
    /// <param name="call">The call.</param>
    public RpcException Translate(Exception failure, GrpcCall call)
    {
        if (IsLeaving(failure, call))
        {
            Log.ClientLeft(logger, call.Method);
            return call.IsOverdue
                ? Refuse(GrpcErrorTable.Of(ModelErrorCode.DeadlineExceeded), "deadline exceeded", call.Model)
                : Refuse(GrpcErrorTable.Of(ModelErrorCode.Canceled), "request canceled", call.Model);
        }

        var (reply, message) = Read(failure, call);
        if (reply.Status == StatusCode.Internal && failure is not ModelException
            {
                Refusal.Code:
            ModelErrorCode.TransferFailed
            })
        {
            Log.Failed(logger, call.Method, reply.Reason, failure);
        }
        else
        {
            Log.Refused(logger, call.Method, reply.Reason);
        }

        return Refuse(reply, message, call.Model);
    }

    /// <summary>Status, reason and text of a failure.</summary>
    public static (GrpcReply Reply, string Message) Read(Exception failure, GrpcCall call) => failure switch
    {
        ModelException { Refusal: var refusal } => (
            GrpcErrorTable.Of(ErrorTable.CodeOf(refusal, call.Route, call.Model)),
            ErrorTable.Ollama(refusal, call.Route, call.Model.Length > 0 ? call.Model : refusal.Model ?? "").Message),
        ApiException refusal => (
            GrpcErrorTable.Of(refusal.Code), ErrorTable.Ollama(refusal.Code, refusal.Detail).Message),
        GrpcException refusal => (GrpcErrorTable.Of(refusal.Code), refusal.Message),
        InvalidProtocolBufferException => (
            GrpcErrorTable.Of(GrpcErrorCode.MessageInvalid), MessageGuard.InvalidText),

        // Nothing here throws these: the library does, at frames that it cannot take.
        RpcException refusal when MessageGuard.Read(refusal.Status) is { } read => read,
        InvalidDataException { Source: "Grpc.AspNetCore.Server" or "System.IO.Compression" } => (
            GrpcErrorTable.Of(GrpcErrorCode.MessageInvalid), MessageGuard.InvalidText),
        BlobMismatchException => (GrpcErrorTable.Of(GrpcErrorCode.DigestMismatch), failure.Message),
        BlobStorageException => (GrpcErrorTable.Of(GrpcErrorCode.StoreFailed), failure.Message),
        OperationCanceledException when call.IsCanceled => (
            GrpcErrorTable.Of(ModelErrorCode.Canceled), "request canceled"),
        _ => (GrpcErrorTable.Of(GrpcErrorCode.Internal), "internal error"),
    };

    /// <summary>The refusal as the library sends it: the reason is a detail, and so is when to try again.</summary>
    public static RpcException Refuse(GrpcReply reply, string message, string model)
    {
        var reason = new ErrorInfo { Domain = Domain, Reason = reply.Reason };
        if (model.Length > 0)
        {
            reason.Metadata["model"] = Cut(model);
        }

        var status = new Google.Rpc.Status
        {
            Code = (int)reply.Status,
            Message = Cut(message),
            Details = { Any.Pack(reason) },
        };
        if (reply.RetryDelay is { } delay)
        {
            status.Details.Add(Any.Pack(new RetryInfo { RetryDelay = Duration.FromTimeSpan(delay) }));
        }

        return status.ToRpcException();
    }

    // A client that leaves shows as whatever was under way: a wait, a read or a write.
    private static bool IsLeaving(Exception failure, GrpcCall call) =>
        call.ClientLeft.IsCancellationRequested
        && failure is OperationCanceledException or IOException or InvalidOperationException or RpcException;

    private static string Cut(string text) => text.Length <= MessageLengthMax
        ? text
        // Half of a surrogate pair would be no text any more.
        : text[..(MessageLengthMax - (char.IsHighSurrogate(text[MessageLengthMax - 1]) ? 1 : 0))] + "…";

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Debug, "The client of {Method} left.")]
        public static partial void ClientLeft(ILogger logger, string method);

        [LoggerMessage(LogLevel.Debug, "A call of {Method} was refused: {Reason}.")]
        public static partial void Refused(ILogger logger, string method, string reason);

        [LoggerMessage(LogLevel.Warning, "A call of {Method} failed: {Reason}.")]
        public static partial void Failed(ILogger logger, string method, string reason, Exception exception);
    }
}
