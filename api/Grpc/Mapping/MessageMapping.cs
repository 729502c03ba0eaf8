using Google.Protobuf;
using Ollama.Platform.Api.GoJson;
using Ollama.Platform.Contracts.Errors;
using Ollama.Platform.Contracts.Models;
using Wire = Ollama.V1;

namespace Ollama.Platform.Api.Grpc.Mapping;

/// <summary>Messages and calls, both ways.</summary>
internal static class MessageMapping
{
    /// <summary>A message of a conversation.</summary>
    /// <exception cref="ModelException">The arguments of a call are no JSON object.</exception>
    public static ChatMessage ToContract(this Wire.Message message, string model) => new()
    {
        Role = message.Role.ToLowerInvariant(),
        Content = message.Content,
        Thinking = message.HasThinking ? message.Thinking : null,
        Images = [.. message.Images.Select(image => image.Memory)],
        ToolCalls = [.. message.ToolCalls.Select(call => call.ToContract(model))],
        ToolName = message.HasToolName ? message.ToolName : null,
        ToolCallId = message.HasToolCallId ? message.ToolCallId : null,
    };

    /// <summary>What a chunk says, as a message of the assistant.</summary>
    public static Wire.Message ToMessage(this GenerationChunk chunk)
    {
        var message = new Wire.Message { Role = "assistant", Content = chunk.Content };
        if (chunk.Thinking is not null)
        {
            message.Thinking = chunk.Thinking;
        }

        message.ToolCalls.AddRange(chunk.ToolCalls.Select(ToWire));
        return message;
    }

    /// <summary>A message that a model begins with.</summary>
    public static Wire.Message ToWire(this ChatMessage message) =>
        new() { Role = message.Role, Content = message.Content };

    /// <summary>A call that the model asks for.</summary>
    public static Wire.ToolCall ToWire(this ToolCall call) => new()
    {
        Id = call.Id ?? "",
        Index = call.Index,
        Name = call.Name,
        ArgumentsJson = call.Arguments.GetRawText(),
    };

    /// <summary>The log-probability of a token.</summary>
    public static Wire.TokenLogProb ToWire(this TokenLogProb token)
    {
        var wire = new Wire.TokenLogProb
        {
            Token = token.Token,
            Logprob = token.LogProb,
            TokenBytes = UnsafeByteOperations.UnsafeWrap(token.Bytes.Select(octet => (byte)octet).ToArray()),
        };
        wire.Top.AddRange(token.Top.Select(ToWire));
        return wire;
    }

    private static ToolCall ToContract(this Wire.ToolCall call, string model)
    {
        var arguments = EmptyObject.Element;
        if (call.ArgumentsJson.Length > 0 && !GoJsonBody.TryParseObject(call.ArgumentsJson, out arguments))
        {
            throw new ModelException(
                ModelErrorCode.RequestInvalid, model,
                $"arguments_json of the call of {GoText.Quote(call.Name)} must be a JSON object");
        }

        return new ToolCall
        {
            Id = call.Id.Length > 0 ? call.Id : null,
            Index = call.Index,
            Name = call.Name,
            Arguments = arguments,
        };
    }
}
