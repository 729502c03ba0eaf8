using System.Buffers.Binary;
using System.Net;
using System.Net.Http.Headers;
using Google.Protobuf;
using Google.Rpc;
using Grpc.Core;
using Ollama.Platform.UnitTests.Api.Serving;
using Ollama.V1;

namespace Ollama.Platform.UnitTests.Api.Grpc;

/// <summary>What is no message, or one too long, is refused with a reason, also before there is a call.</summary>
public sealed class GrpcMessageTests
{
    private const string Chat = "/ollama.v1.InferenceService/Chat";

    // A text of one byte that begins a character and does not end it, as the name of the model.
    private static readonly byte[] BrokenText = [0x0a, 0x01, 0xc3];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("dGhpcyBpcyBubyBtZXNzYWdl")]
    [InlineData("CgHD")]
    [InlineData("Cv8=")]
    public async Task A_message_that_is_none_is_refused_with_a_reason(string message)
    {
        await using var server = await ApiServer.StartAsync();
        using var answer = await SendAsync(server, Chat, Convert.FromBase64String(message));
        Assert.Equal((StatusCode.InvalidArgument, "MESSAGE_INVALID"), ReadRefusal(answer.Headers));
        Assert.Empty(server.Models.Calls);
    }

    [Fact]
    public async Task A_message_over_the_limit_is_refused_with_a_reason()
    {
        await using var server = await ApiServer.StartAsync(options => options.Grpc.MessageBytesMax = 10);
        using var answer = await SendAsync(server, Chat, new byte[11]);
        Assert.Equal((StatusCode.ResourceExhausted, "BODY_TOO_LARGE"), ReadRefusal(answer.Headers));
    }

    [Fact]
    public async Task A_stream_ends_with_the_reason_at_a_message_that_is_none()
    {
        await using var server = await ApiServer.StartAsync();
        Scripts.Set(server.Models, "embedding");
        var settings = new EmbedStreamRequest { Settings = new EmbedSettings { Model = "test" } };
        using var answer = await SendAsync(
            server, "/ollama.v1.EmbeddingService/EmbedStream", settings.ToByteArray(), BrokenText);
        var body = await answer.Content.ReadAsByteArrayAsync(Token);
        Assert.Empty(body);
        var trailers = answer.Headers.Contains("grpc-status") ? answer.Headers : answer.TrailingHeaders;
        Assert.Equal((StatusCode.InvalidArgument, "MESSAGE_INVALID"), ReadRefusal(trailers));
        Assert.True(answer.Headers.Contains("X-Request-ID"));
    }

    private static Task<HttpResponseMessage> SendAsync(ApiServer server, string path, params byte[][] messages)
    {
        var content = new ByteArrayContent([.. messages.SelectMany(Frame)]);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
        var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Version = HttpVersion.Version20,
            Content = content,
        };
        return server.Client.SendAsync(request, Token);
    }

    private static byte[] Frame(byte[] message)
    {
        var head = new byte[5];
        BinaryPrimitives.WriteInt32BigEndian(head.AsSpan(1), message.Length);
        return [.. head, .. message];
    }

    private static (StatusCode Status, string Reason) ReadRefusal(HttpHeaders trailers)
    {
        var details = Convert.FromBase64String(trailers.GetValues("grpc-status-details-bin").Single());
        var status = Google.Rpc.Status.Parser.ParseFrom(details);
        Assert.Equal(status.Message, Uri.UnescapeDataString(trailers.GetValues("grpc-message").Single()));
        Assert.Equal(((int)status.Code).ToString(), trailers.GetValues("grpc-status").Single());
        return ((StatusCode)status.Code, status.Details.Single().Unpack<ErrorInfo>().Reason);
    }
}
