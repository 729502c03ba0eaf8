using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using Ollama.Platform.Api.Errors;
using Ollama.Platform.Api.OpenAi.Wire;
using Ollama.Platform.Api.Routing;
using Ollama.Platform.Api.Streaming;

namespace Ollama.Platform.Api.OpenAi;

/// <summary>Whole answers and refusals of OpenAI's dialect: one line of JSON.</summary>
internal static class OpenAiReplies
{
    /// <summary>Answers with a whole JSON value.</summary>
    public static Task ReplyAsync<T>(ApiRequest request, T value, JsonTypeInfo<T> typeInfo) =>
        WriteAsync(request, StatusCodes.Status200OK, value, typeInfo);

    /// <summary>Refuses in OpenAI's form; the content type that Ollama's form has does not matter.</summary>
    public static Task RefuseAsync(ApiRequest request, ErrorReply reply, string contentType) =>
        WriteAsync(request, reply.Status, ToBody(reply), OpenAiJson.Default.ErrorBody);

    /// <summary>A refusal as the wire has it.</summary>
    public static ErrorBody ToBody(ErrorReply reply) =>
        new(new ErrorWire
        {
            Message = reply.Message,
            Type = ErrorTable.OpenAiType(reply.Status),
            Param = reply.Field,
            Code = reply.Word,
        });

    private static Task WriteAsync<T>(ApiRequest request, int status, T value, JsonTypeInfo<T> typeInfo) =>
        JsonReply.WriteAsync(
            request.Context, status, MediaTypes.V1Json, value, typeInfo, request.Aborted, isLine: true);
}
