using System.Buffers.Binary;
using System.IO.Pipelines;
using System.Net;
using System.Net.Http.Headers;
using Google.Protobuf;
using Google.Rpc;
using Grpc.Core;
using Ollama.Platform.Api.Grpc.Calls;
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

    /// <summary>What stands on the wire: hexadecimal, the encoding that is named, what is said of it.</summary>
    public static TheoryData<string, string, StatusCode, string, string> Frames() => new()
    {
        { "", "", StatusCode.InvalidArgument, "MESSAGE_INVALID", "Incomplete message." },
        { "0000", "", StatusCode.InvalidArgument, "MESSAGE_INVALID", "Incomplete message." },
        { "0000000064616263", "", StatusCode.InvalidArgument, "MESSAGE_INVALID", "Incomplete message." },
        { "00000000000000000000", "", StatusCode.InvalidArgument, "MESSAGE_INVALID", "Additional data" },
        { "0700000000", "", StatusCode.InvalidArgument, "MESSAGE_INVALID", "cannot be read as a message" },
        { "0100000003616263", "", StatusCode.InvalidArgument, "MESSAGE_INVALID", "did not include grpc-encoding" },
        { "0100000003616263", "gzip", StatusCode.InvalidArgument, "MESSAGE_INVALID", "cannot be read as a message" },
        { "0100000003616263", "zip", StatusCode.Unimplemented, "ENCODING_UNSUPPORTED", "encoding value 'zip'" },
        { "007fffffff616263", "", StatusCode.ResourceExhausted, "BODY_TOO_LARGE", "exceeds the maximum" },
    };

    [Theory]
    [MemberData(nameof(Frames))]
    public async Task A_frame_that_is_none_is_refused_with_a_reason(
        string frames, string encoding, StatusCode status, string reason, string words)
    {
        await using var server = await ApiServer.StartAsync();
        using var request = Request(Chat, Convert.FromHexString(frames));
        request.Headers.Add("grpc-encoding", encoding.Length > 0 ? [encoding] : []);
        using var answer = await server.Client.SendAsync(request, Token);
        Assert.Equal((status, reason), ReadRefusal(answer.Headers));
        Assert.Contains(words, answer.Headers.GetValues("grpc-message").Single(), StringComparison.Ordinal);
        Assert.Empty(server.Models.Calls);
    }

    [Theory]
    [InlineData("00000000", "MESSAGE_INVALID")]
    [InlineData("0000000009616263", "MESSAGE_INVALID")]
    [InlineData("007fffffff", "BODY_TOO_LARGE")]
    [InlineData("0900000000", "MESSAGE_INVALID")]
    public async Task A_stream_ends_with_the_reason_at_a_frame_that_is_none(string frame, string reason)
    {
        await using var server = await ApiServer.StartAsync();
        Scripts.Set(server.Models, "embedding");
        var settings = new EmbedStreamRequest { Settings = new EmbedSettings { Model = "test" } };
        using var request = Request(
            "/ollama.v1.EmbeddingService/EmbedStream",
            [.. Frame(settings.ToByteArray()), .. Convert.FromHexString(frame)]);
        using var answer = await server.Client.SendAsync(request, Token);
        await answer.Content.ReadAsByteArrayAsync(Token);
        var trailers = answer.Headers.Contains("grpc-status") ? answer.Headers : answer.TrailingHeaders;
        Assert.Equal(reason, ReadRefusal(trailers).Reason);
    }

    [Theory]
    [InlineData("/ollama.v1.InferenceService/Sing")]
    [InlineData("/ollama.v1.Nothing/Chat")]
    [InlineData("/ollama.v1.Nothing/%E2%82%AC%25")]
    public async Task A_call_that_is_none_is_refused_with_its_name(string path)
    {
        await using var server = await ApiServer.StartAsync();
        using var answer = await SendAsync(server, path, []);
        Assert.Equal((StatusCode.Unimplemented, "CALL_UNKNOWN"), ReadRefusal(answer.Headers));
        Assert.Equal(
            $"there is no call {path}",
            Uri.UnescapeDataString(answer.Headers.GetValues("grpc-message").Single()));
    }

    [Fact]
    public async Task A_message_that_does_not_come_to_its_end_is_refused()
    {
        var time = new ManualTimeProvider();
        await using var server = await ApiServer.StartAsync(time: time);
        var body = new Pipe();
        await body.Writer.WriteAsync(new byte[] { 0, 0, 0, 0, 9, 1 }, Token);
        using var request = Request(Chat, []);
        request.Content = new StreamContent(body.Reader.AsStream());
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
        var armed = time.WhenTimerIsArmedAsync(MessageArrival.TimeMax);
        var sending = server.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Token);
        await armed.WaitAsync(Token);
        time.Advance(MessageArrival.TimeMax);
        using var answer = await sending;
        Assert.Equal((StatusCode.InvalidArgument, "BODY_INCOMPLETE"), ReadRefusal(answer.Headers));
        await body.Writer.CompleteAsync();
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

    private static Task<HttpResponseMessage> SendAsync(ApiServer server, string path, params byte[][] messages) =>
        server.Client.SendAsync(Request(path, [.. messages.SelectMany(Frame)]), Token);

    private static HttpRequestMessage Request(string path, byte[] body)
    {
        var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
        return new HttpRequestMessage(HttpMethod.Post, path)
        {
            Version = HttpVersion.Version20,
            Content = content,
        };
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
