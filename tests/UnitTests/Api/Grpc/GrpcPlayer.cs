using System.Text;
using System.Text.RegularExpressions;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Google.Rpc;
using Grpc.Core;
using Ollama.Platform.UnitTests.Api.Serving;
using Ollama.V1;

namespace Ollama.Platform.UnitTests.Api.Grpc;

/// <summary>
/// Plays calls that a transcript has as JSON, and writes the answers down as JSON: status, reason and trailers, then
/// each message.
/// </summary>
internal static partial class GrpcPlayer
{
    private const string Separator = "\n---\n";

    private static readonly string[] MetadataThatMatters = ["x-request-id", "x-load-ns", "x-queue-wait-ns"];

    private static readonly JsonFormatter Json = new(
        new JsonFormatter.Settings(false).WithPreserveProtoFieldNames(true));

    private static readonly Marshaller<byte[]> Bytes = Marshallers.Create(bytes => bytes, bytes => bytes);

    private static readonly FileDescriptor[] Files =
    [
        InferenceReflection.Descriptor, EmbeddingReflection.Descriptor, ModelReflection.Descriptor,
        BlobReflection.Descriptor, TokenizeReflection.Descriptor, V1.Single.OllamaReflection.Descriptor,
        global::Grpc.Health.V1.HealthReflection.Descriptor,
    ];

    /// <summary>Calls the method of an exchange with its messages.</summary>
    public static async Task<string> PlayAsync(
        ApiServer server, Exchange exchange, CancellationToken cancellationToken)
    {
        server.Models.Gate = new FlushGate();
        server.Models.Gate.Open();
        var path = exchange.RequestHead[0].Split('/');
        var service = Files.SelectMany(file => file.Services).Single(service => service.FullName == path[0]);
        var method = service.FindMethodByName(path[1]);
        using var channel = server.Open();
        using var call = channel.CreateCallInvoker().AsyncDuplexStreamingCall(
            new Method<byte[], byte[]>(MethodType.DuplexStreaming, path[0], path[1], Bytes, Bytes),
            null,
            new CallOptions(ToMetadata(exchange.RequestHead.Skip(1)), cancellationToken: cancellationToken));
        var messages = new List<string>();
        RpcException? refusal = null;
        try
        {
            foreach (var json in exchange.Body.Split(Separator))
            {
                await call.RequestStream.WriteAsync(
                    JsonParser.Default.Parse(json, method.InputType).ToByteArray(), cancellationToken);
            }

            await call.RequestStream.CompleteAsync();
            while (await call.ResponseStream.MoveNext(cancellationToken))
            {
                var message = method.OutputType.Parser.ParseFrom(call.ResponseStream.Current);
                messages.Add(Json.Format(message));
            }
        }
        catch (RpcException caught)
        {
            refusal = caught;
        }

        var text = new StringBuilder();
        WriteStatus(text, refusal, call.GetTrailers(), await call.ResponseHeadersAsync);
        if (messages.Count > 0)
        {
            text.Append('\n').Append(string.Join(Separator, messages));
        }

        return NewId().Replace(text.ToString(), "req_{id}");
    }

    private static void WriteStatus(StringBuilder text, RpcException? refusal, Metadata trailers, Metadata headers)
    {
        text.Append("<<< ").Append(refusal?.StatusCode ?? StatusCode.OK);
        if (refusal is not null)
        {
            text.Append("\n<<< ").Append(refusal.Status.Detail);
            var status = refusal.GetRpcStatus();
            if (status?.GetDetail<ErrorInfo>() is { } info)
            {
                text.Append("\n<<< reason: ").Append(info.Domain).Append(' ').Append(info.Reason);
                text.Append(string.Concat(info.Metadata.Select(entry => $" {entry.Key}={entry.Value}")));
            }

            if (status?.GetDetail<RetryInfo>() is { } retry)
            {
                text.Append("\n<<< retry: ").Append(retry.RetryDelay.ToTimeSpan());
            }
        }

        // What comes in one piece is both.
        foreach (var entry in headers.Concat(trailers).Where(entry => MetadataThatMatters.Contains(entry.Key))
            .DistinctBy(entry => entry.Key))
        {
            text.Append("\n<<< ").Append(entry.Key).Append(": ").Append(entry.Value);
        }
    }

    // An id that the client did not send is a new one each time.
    [GeneratedRegex("req_[0-9a-f]{24}")]
    private static partial Regex NewId();

    private static Metadata ToMetadata(IEnumerable<string> lines)
    {
        var metadata = new Metadata();
        foreach (var line in lines)
        {
            var colon = line.IndexOf(": ", StringComparison.Ordinal);
            metadata.Add(line[..colon], line[(colon + 2)..]);
        }

        return metadata;
    }
}
