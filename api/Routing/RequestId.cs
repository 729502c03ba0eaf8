using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Ollama.Platform.Api.Errors;

namespace Ollama.Platform.Api.Routing;

/// <summary>The id of a request: the client's own or a new one, which the answer repeats.</summary>
internal static class RequestId
{
    /// <summary>The header that carries it, both ways.</summary>
    public const string Header = "X-Request-ID";

    private const int LengthMax = 128;
    private const int RandomDigits = 24;

    /// <summary>A new id, which nobody can guess.</summary>
    public static string New() => "req_" + RandomNumberGenerator.GetHexString(RandomDigits, lowercase: true);

    /// <summary>The id that the client sent, or a new one; it stands in the answer from here on.</summary>
    /// <exception cref="ApiException">What the client sent is no id; the answer has a new one.</exception>
    public static string Settle(HttpContext context)
    {
        var sent = context.Request.Headers[Header];
        var id = sent.Count == 1 && IsValid(sent[0]!) ? sent[0]! : New();
        context.Response.Headers[Header] = id;
        return sent.Count == 0 || id == sent[0] ? id : throw new ApiException(ApiErrorCode.RequestIdInvalid);
    }

    private static bool IsValid(string id) =>
        id.Length is > 0 and <= LengthMax && !id.AsSpan().ContainsAnyExceptInRange('!', '~');
}
