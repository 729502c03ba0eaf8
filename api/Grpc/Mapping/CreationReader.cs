using System.Buffers;
using System.Text.Json;
using Google.Protobuf.Collections;
using Ollama.Platform.Api.Ollama.Requests;
using Ollama.Platform.Api.Streaming;
using Ollama.Platform.Contracts.Errors;
using Ollama.Platform.Contracts.Library;
using Wire = Ollama.V1;

namespace Ollama.Platform.Api.Grpc.Mapping;

/// <summary>
/// Reads what a new model is to be made of. It is written as the native body first and read by the native reader, so
/// that both dialects make the same model of the same request and refuse in the same words.
/// </summary>
internal static class CreationReader
{
    /// <summary>The request.</summary>
    /// <exception cref="ModelException">It contradicts itself or names what cannot be.</exception>
    /// <exception cref="Errors.ApiException">It is about a model that another server would run.</exception>
    public static CreationRequest Read(Wire.CreateModelRequest request)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = WireWriter.Create(buffer))
        {
            writer.WriteStartObject();
            WriteTexts(writer, request);
            WriteFiles(writer, "files", request.Files);
            WriteFiles(writer, "adapters", request.Adapters);
            WriteLicenses(writer, request.Licenses);
            if (request.Parameters is { } parameters)
            {
                writer.WritePropertyName("parameters");
                OptionsReader.Write(writer, parameters, request.Model);
            }

            WriteMessages(writer, request.Messages);
            writer.WriteEndObject();
        }

        var body = CreateBody.Read(JsonDocument.Parse(buffer.WrittenMemory).RootElement);
        return body.Complete(body.ToRequest());
    }

    private static void WriteTexts(Utf8JsonWriter writer, Wire.CreateModelRequest request)
    {
        writer.WriteString("model", request.Model);
        writer.WriteString("from", request.From);
        writer.WriteString("template", request.Template);
        writer.WriteString("system", request.System);
        writer.WriteString("renderer", request.Renderer);
        writer.WriteString("parser", request.Parser_);
        writer.WriteString("requires", request.Requires);
        writer.WriteString("quantize", request.Quantize);
        writer.WriteString("modelfile", request.Modelfile);
    }

    private static void WriteFiles(Utf8JsonWriter writer, string field, MapField<string, string> files)
    {
        // An empty map cannot be told from one that was not sent, which is the one that says nothing.
        if (files.Count == 0)
        {
            return;
        }

        writer.WriteStartObject(field);
        foreach (var (path, digest) in files)
        {
            writer.WriteString(path, digest);
        }

        writer.WriteEndObject();
    }

    private static void WriteLicenses(Utf8JsonWriter writer, RepeatedField<string> licenses)
    {
        writer.WriteStartArray("license");
        foreach (var license in licenses)
        {
            writer.WriteStringValue(license);
        }

        writer.WriteEndArray();
    }

    private static void WriteMessages(Utf8JsonWriter writer, RepeatedField<Wire.Message> messages)
    {
        writer.WriteStartArray("messages");
        foreach (var message in messages)
        {
            writer.WriteStartObject();
            writer.WriteString("role", message.Role);
            writer.WriteString("content", message.Content);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }
}
