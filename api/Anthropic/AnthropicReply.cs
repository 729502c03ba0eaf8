using System.Security.Cryptography;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using Ollama.Platform.Api.Anthropic.Wire;
using Ollama.Platform.Api.Errors;
using Ollama.Platform.Api.Routing;
using Ollama.Platform.Api.Streaming;

namespace Ollama.Platform.Api.Anthropic;

/// <summary>Writes answers and refusals of Anthropic's dialect.</summary>
internal static class AnthropicReply
{
    // What the SDKs read into their answers and errors.
    private const string RequestIdHeader = "request-id";

    /// <summary>An id as Anthropic's look, which nobody can guess.</summary>
    public static string NewId(string prefix) => prefix + RandomNumberGenerator.GetHexString(24, lowercase: true);

    /// <summary>Answers with a whole JSON value.</summary>
    public static Task WriteAsync<T>(ApiRequest request, T value, JsonTypeInfo<T> typeInfo) =>
        WriteAsync(request, StatusCodes.Status200OK, value, typeInfo);

    /// <summary>Answers with an error body.</summary>
    public static Task RefuseAsync(ApiRequest request, ErrorReply reply, string contentType) =>
        WriteAsync(
            request, reply.Status, ToWire(Name(request.Context.Response), reply), AnthropicJson.Default.ErrorWire);

    /// <summary>The body of an error, or the data of its event.</summary>
    public static ErrorWire ToWire(string requestId, ErrorReply reply) =>
        new(new ErrorPartWire(ErrorTable.AnthropicType(reply.Status), reply.Message), requestId);

    /// <summary>The request's id, which this dialect tells in a header of its own.</summary>
    public static string Name(HttpResponse response)
    {
        var id = response.Headers[RequestId.Header].ToString();
        response.Headers[RequestIdHeader] = id;
        return id;
    }

    private static Task WriteAsync<T>(ApiRequest request, int status, T value, JsonTypeInfo<T> typeInfo)
    {
        Name(request.Context.Response);
        return JsonReply.WriteAsync(
            request.Context, status, MediaTypes.V1Json, value, typeInfo, request.Aborted, isLine: true);
    }
}
