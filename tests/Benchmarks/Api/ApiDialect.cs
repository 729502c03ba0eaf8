using System.Buffers.Binary;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Google.Protobuf;
using Ollama.V1;

namespace Ollama.Platform.Benchmarks.Api;

/// <summary>How a dialect is asked.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Path">Its route for chats; in gRPC the call that answers at once.</param>
/// <param name="Fields">The JSON fields beside the common ones, with <c>#</c> in place of the script.</param>
internal sealed record ApiDialect(string Name, string Path, string Fields)
{
    private const string Model = "tiny-chat";
    private const string Messages = "\"messages\":[{\"role\":\"user\",\"content\":\"#\"}]";

    // Each message has a flag and its length before it.
    private const int FrameBytes = 5;

    /// <summary>Those that are measured.</summary>
    public static IReadOnlyList<ApiDialect> All { get; } =
    [
        new("Ollama", "/api/chat", Messages),
        new("OpenAI", "/v1/chat/completions", Messages),
        new("Responses", "/v1/responses", "\"input\":\"#\""),
        new("Anthropic", "/v1/messages", "\"max_tokens\":99," + Messages),
        new("gRPC", "/ollama.v1.InferenceService/Chat", ""),
    ];

    /// <summary>It is the one that speaks HTTP/2.</summary>
    public bool IsGrpc => Fields.Length == 0;

    /// <summary>A request.</summary>
    public HttpRequestMessage ToRequest(ScriptedServer server, string script, bool isStream)
    {
        var content = new ByteArrayContent(Body(script, isStream));
        content.Headers.ContentType = new MediaTypeHeaderValue(IsGrpc ? "application/grpc" : "application/json");
        return IsGrpc
            ? new HttpRequestMessage(HttpMethod.Post, new Uri(server.GrpcAddress, Path + (isStream ? "Stream" : "")))
            {
                Content = content,
                Version = HttpVersion.Version20,
                VersionPolicy = HttpVersionPolicy.RequestVersionExact,
                Headers = { { "te", "trailers" } },
            }
            : new HttpRequestMessage(HttpMethod.Post, new Uri(server.Address, Path)) { Content = content };
    }

    /// <summary>The body of a request.</summary>
    public byte[] Body(string script, bool isStream)
    {
        if (!IsGrpc)
        {
            var fields = Fields.Replace("#", script, StringComparison.Ordinal);
            return Encoding.UTF8.GetBytes(
                $"{{\"model\":\"{Model}\",\"stream\":{(isStream ? "true" : "false")},{fields}}}");
        }

        var message = new ChatRequest
        {
            Model = Model,
            Messages = { new Message { Role = "user", Content = script } },
        };
        var frame = new byte[FrameBytes + message.CalculateSize()];
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), frame.Length - FrameBytes);
        message.WriteTo(frame.AsSpan(FrameBytes));
        return frame;
    }
}
