using System.Buffers;
using System.Diagnostics;
using System.Text.Json;
using Google.Protobuf;
using Ollama.Platform.Api.Grpc.Mapping;
using Ollama.Platform.Api.Ollama.Wire;
using Ollama.Platform.Api.Streaming;
using Ollama.V1;

namespace Ollama.Platform.Benchmarks.Wire;

/// <summary>One vector as an answer in both dialects: written as the server does, read as clients do.</summary>
internal static class VectorForms
{
    // Each message has five bytes of framing before it.
    private const int FrameBytes = 5;

    private static readonly ArrayBufferWriter<byte> Buffer = new();

    /// <summary>Writes and reads JSON; returns its length.</summary>
    public static Task<int> JsonAsync()
    {
        Buffer.ResetWrittenCount();
        var reply = new EmbedReply { Model = "any", Embeddings = [FixedVector.Components], PromptEvalCount = 8 };
        using (var writer = WireWriter.Create(Buffer))
        {
            JsonSerializer.Serialize(writer, reply, WireJson.Default.EmbedReply);
        }

        return Task.FromResult(ReadJson(Buffer.WrittenMemory));
    }

    /// <summary>Writes and reads a message; returns its length.</summary>
    public static Task<int> GrpcAsync()
    {
        Buffer.ResetWrittenCount();
        var answer = new EmbedResponse
        {
            Model = "any",
            Embeddings = { EmbeddingMapping.Encoder(EmbeddingEncoding.Floats, "any")(FixedVector.Components) },
            PromptTokens = 8,
        };
        answer.WriteTo(Buffer);
        return Task.FromResult(ReadGrpc(EmbedResponse.Parser.ParseFrom(Buffer.WrittenSpan)));
    }

    /// <summary>The length of a message on the wire.</summary>
    public static int WireBytes(IMessage message) => message.CalculateSize() + FrameBytes;

    private static int ReadJson(ReadOnlyMemory<byte> body)
    {
        using var document = JsonDocument.Parse(body);
        var vector = document.RootElement.GetProperty("embeddings")[0].EnumerateArray()
            .Select(component => component.GetSingle()).ToArray();
        Debug.Assert(vector.Length == FixedVector.DimensionCount, "The answer is the vector.");
        return body.Length;
    }

    private static int ReadGrpc(EmbedResponse answer)
    {
        var vector = answer.Embeddings[0].Values.ToArray();
        Debug.Assert(vector.Length == FixedVector.DimensionCount, "The answer is the vector.");
        return WireBytes(answer);
    }
}
