using System.Diagnostics;
using Grpc.Core;
using Ollama.Platform.Contracts.Errors;

namespace Ollama.Platform.Api.Errors;

/// <summary>
/// Statuses and reasons of refusals in the gRPC dialect. The texts are those of <see cref="ErrorTable"/>.
/// </summary>
internal static class GrpcErrorTable
{
    // A slot is free after about one short answer; a load or a restart takes longer.
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Later = TimeSpan.FromSeconds(5);

    /// <summary>A model's refusal.</summary>
    public static GrpcReply Of(ModelErrorCode code) => code switch
    {
        ModelErrorCode.NameInvalid => new(StatusCode.InvalidArgument, "NAME_INVALID"),
        ModelErrorCode.ModelNotFound => new(StatusCode.NotFound, "MODEL_NOT_FOUND"),
        ModelErrorCode.BlobMissing => new(StatusCode.NotFound, "BLOB_MISSING"),
        ModelErrorCode.CapabilityMissing => new(StatusCode.Unimplemented, "CAPABILITY_MISSING"),
        ModelErrorCode.ThinkingUnsupported => new(StatusCode.Unimplemented, "THINKING_UNSUPPORTED"),
        ModelErrorCode.OptionInvalid => new(StatusCode.InvalidArgument, "OPTION_INVALID"),
        ModelErrorCode.RequestInvalid => new(StatusCode.InvalidArgument, "REQUEST_INVALID"),
        ModelErrorCode.FormatInvalid => new(StatusCode.InvalidArgument, "FORMAT_INVALID"),
        ModelErrorCode.ContextExceeded => new(StatusCode.OutOfRange, "CONTEXT_EXCEEDED"),
        ModelErrorCode.InputTooLong => new(StatusCode.OutOfRange, "INPUT_TOO_LONG"),
        ModelErrorCode.TemplateFailed => new(StatusCode.FailedPrecondition, "TEMPLATE_FAILED"),
        ModelErrorCode.QueueFull => new(StatusCode.ResourceExhausted, "QUEUE_FULL", Soon),
        ModelErrorCode.MemoryExceeded => new(StatusCode.ResourceExhausted, "VRAM"),
        ModelErrorCode.LoadFailed => new(StatusCode.Internal, "LOAD_FAILED"),
        ModelErrorCode.LoadTimedOut => new(StatusCode.Unavailable, "LOAD_TIMED_OUT", Later),
        ModelErrorCode.RunnerStopped => new(StatusCode.Aborted, "RUNNER_STOPPED"),
        ModelErrorCode.EngineFailed => new(StatusCode.Internal, "ENGINE_FAILED"),
        ModelErrorCode.EmbeddingUnsupported => new(StatusCode.Unimplemented, "EMBEDDING_UNSUPPORTED"),
        ModelErrorCode.EmbeddingNotFinite => new(StatusCode.Internal, "EMBEDDING_NOT_FINITE"),
        ModelErrorCode.ToolCallMalformed => new(StatusCode.Internal, "TOOL_CALL_MALFORMED"),
        ModelErrorCode.ShuttingDown => new(StatusCode.Unavailable, "SHUTTING_DOWN", Later),
        ModelErrorCode.Canceled => new(StatusCode.Cancelled, "CANCELED"),
        ModelErrorCode.DeadlineExceeded => new(StatusCode.DeadlineExceeded, "DEADLINE_EXCEEDED"),
        ModelErrorCode.ModelFileInvalid => new(StatusCode.DataLoss, "MODEL_FILE_INVALID"),
        ModelErrorCode.Unsupported => new(StatusCode.Unimplemented, "UNSUPPORTED"),
        ModelErrorCode.TransferFailed => new(StatusCode.Internal, "TRANSFER_FAILED"),
        ModelErrorCode.ModelRemote => new(StatusCode.PermissionDenied, "MODEL_REMOTE"),
        _ => throw new UnreachableException(),
    };

    /// <summary>A refusal of the edge.</summary>
    public static GrpcReply Of(ApiErrorCode code) => code switch
    {
        ApiErrorCode.BodyTooLarge => new(StatusCode.ResourceExhausted, "BODY_TOO_LARGE"),
        ApiErrorCode.BodyIncomplete => new(StatusCode.InvalidArgument, "BODY_INCOMPLETE"),
        ApiErrorCode.CloudDisabled => new(StatusCode.PermissionDenied, "CLOUD_DISABLED"),
        ApiErrorCode.CloudDetailsDisabled => new(StatusCode.PermissionDenied, "CLOUD_DISABLED"),
        ApiErrorCode.RequestIdInvalid => new(StatusCode.InvalidArgument, "REQUEST_ID_INVALID"),
        ApiErrorCode.ResponseNotFound => new(StatusCode.NotFound, "RESPONSE_NOT_FOUND"),
        ApiErrorCode.PreviousResponseNotFound => new(StatusCode.NotFound, "PREVIOUS_RESPONSE_NOT_FOUND"),
        ApiErrorCode.ItemNotFound => new(StatusCode.NotFound, "ITEM_NOT_FOUND"),
        ApiErrorCode.FileTooLarge => new(StatusCode.ResourceExhausted, "FILE_TOO_LARGE"),
        ApiErrorCode.FileNotFound => new(StatusCode.NotFound, "FILE_NOT_FOUND"),
        ApiErrorCode.BatchNotFound => new(StatusCode.NotFound, "BATCH_NOT_FOUND"),
        ApiErrorCode.MessagesTooMany => new(StatusCode.ResourceExhausted, "MESSAGES_TOO_MANY"),
        ApiErrorCode.ImagesTooMany => new(StatusCode.ResourceExhausted, "IMAGES_TOO_MANY"),
        ApiErrorCode.ImageTooLarge => new(StatusCode.ResourceExhausted, "IMAGE_TOO_LARGE"),
        ApiErrorCode.RequestNotFound => new(StatusCode.NotFound, "REQUEST_NOT_FOUND"),
        _ => throw new UnreachableException(),
    };

    /// <summary>A refusal of the dialect itself.</summary>
    public static GrpcReply Of(GrpcErrorCode code) => code switch
    {
        GrpcErrorCode.BlobNotFound => new(StatusCode.NotFound, "BLOB_NOT_FOUND"),
        GrpcErrorCode.RangeInvalid => new(StatusCode.OutOfRange, "RANGE_INVALID"),
        GrpcErrorCode.OffsetMismatch => new(StatusCode.FailedPrecondition, "OFFSET_MISMATCH"),
        GrpcErrorCode.DigestMismatch => new(StatusCode.DataLoss, "DIGEST_MISMATCH"),
        GrpcErrorCode.TooManyUploads => new(StatusCode.ResourceExhausted, "TOO_MANY_UPLOADS", Later),
        GrpcErrorCode.TooManyWatchers => new(StatusCode.ResourceExhausted, "TOO_MANY_WATCHERS", Later),
        GrpcErrorCode.ServiceUnknown => new(StatusCode.NotFound, "SERVICE_UNKNOWN"),
        GrpcErrorCode.StoreFailed => new(StatusCode.ResourceExhausted, "STORE_FAILED"),
        GrpcErrorCode.MessageInvalid => new(StatusCode.InvalidArgument, "MESSAGE_INVALID"),
        GrpcErrorCode.EncodingUnsupported => new(StatusCode.Unimplemented, "ENCODING_UNSUPPORTED"),
        GrpcErrorCode.CallUnknown => new(StatusCode.Unimplemented, "CALL_UNKNOWN"),
        GrpcErrorCode.Internal => new(StatusCode.Internal, "INTERNAL"),
        _ => throw new UnreachableException(),
    };
}
