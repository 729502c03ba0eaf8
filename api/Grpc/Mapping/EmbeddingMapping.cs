using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Google.Protobuf;
using Ollama.Platform.Api.Grpc.Calls;
using Ollama.Platform.Api.Ollama;
using Ollama.Platform.Contracts.Errors;
using Ollama.Platform.Contracts.Models;
using Wire = Ollama.V1;

namespace Ollama.Platform.Api.Grpc.Mapping;

/// <summary>Texts to embed and their vectors.</summary>
internal static class EmbeddingMapping
{
    /// <summary>The request of one call.</summary>
    /// <exception cref="ModelException">A field is wrong.</exception>
    /// <exception cref="Errors.ApiException">The model is one of ollama.com.</exception>
    public static EmbeddingRequest ToContract(this Wire.EmbedRequest request, GrpcCall call) => new()
    {
        Model = ModelReference.Parse(request.Model, Routing.RouteKind.Chat).Text,
        Inputs = [.. request.Input],
        TokenInputs = [.. request.TokenInput.Select(input => input.Tokens)],
        Truncate = !request.HasTruncate || request.Truncate,
        DimensionCount = request.HasDimensions ? Dimensions(request.Dimensions, request.Model) : null,
        Options = OptionsReader.Read(request.Options, request.Model),
        KeepAlive = DurationReader.KeepAlive(request.KeepAlive, request.Model),
        Priority = call.Priority(),
    };

    /// <summary>The request of each item of a stream, without its text.</summary>
    /// <exception cref="ModelException">A field is wrong.</exception>
    /// <exception cref="Errors.ApiException">The model is one of ollama.com.</exception>
    public static EmbeddingRequest ToContract(this Wire.EmbedSettings settings, GrpcCall call) => new()
    {
        Model = ModelReference.Parse(settings.Model, Routing.RouteKind.Chat).Text,
        Inputs = [],
        Truncate = !settings.HasTruncate || settings.Truncate,
        DimensionCount = settings.HasDimensions ? Dimensions(settings.Dimensions, settings.Model) : null,
        Options = OptionsReader.Read(settings.Options, settings.Model),
        KeepAlive = DurationReader.KeepAlive(settings.KeepAlive, settings.Model),
        Priority = call.Priority(),
    };

    /// <summary>How the vectors of a request travel.</summary>
    /// <exception cref="ModelException">The client asks for a form that is not known.</exception>
    public static Func<float[], Wire.Embedding> Encoder(Wire.EmbeddingEncoding encoding, string model) =>
        encoding switch
        {
            Wire.EmbeddingEncoding.Unspecified or Wire.EmbeddingEncoding.Floats => ToFloats,
            Wire.EmbeddingEncoding.Bytes => ToBytes,
            _ => throw Refuse(model, "encoding must be floats or bytes"),
        };

    private static Wire.Embedding ToFloats(float[] vector)
    {
        var wire = new Wire.Embedding();
        wire.Values.AddRange(vector);
        return wire;
    }

    private static Wire.Embedding ToBytes(float[] vector)
    {
        var bytes = MemoryMarshal.AsBytes(vector.AsSpan()).ToArray();
        if (!BitConverter.IsLittleEndian)
        {
            var words = MemoryMarshal.Cast<byte, int>(bytes.AsSpan());
            BinaryPrimitives.ReverseEndianness(words, words);
        }

        return new Wire.Embedding { Data = UnsafeByteOperations.UnsafeWrap(bytes) };
    }

    private static int Dimensions(int count, string model) =>
        count > 0 ? count : throw Refuse(model, "dimensions must be above zero");

    private static ModelException Refuse(string model, string message) =>
        new(ModelErrorCode.RequestInvalid, model, message);
}
