using Google.Protobuf.WellKnownTypes;
using Ollama.Platform.Api.Streaming;
using Ollama.Platform.Contracts.Models;
using Wire = Ollama.V1;

namespace Ollama.Platform.Api.Grpc.Mapping;

/// <summary>From chunks to messages. What is empty takes no bytes.</summary>
/// <param name="model">The model as the client wrote it.</param>
/// <param name="id">The id of the call.</param>
/// <param name="time">The clock.</param>
internal sealed class AnswerMapping(string model, string id, TimeProvider time)
{
    /// <summary>A whole chat.</summary>
    public Wire.ChatResponse ToChat(GenerationChunk answer) => new()
    {
        Model = model,
        CreatedAt = Now(),
        RequestId = id,
        Message = answer.ToMessage(),
        Logprobs = { answer.LogProbs.Select(MessageMapping.ToWire) },
        DoneReason = ToWire(answer.FinishReason),
        Usage = ToWire(answer.Usage),
    };

    /// <summary>A part of a chat.</summary>
    public Wire.ChatChunk ToChatChunk(GenerationChunk chunk, ulong sequence) => new()
    {
        Model = model,
        CreatedAt = Now(),
        Sequence = sequence,
        RequestId = sequence == 0 ? id : "",
        Message = chunk.ToMessage(),
        Logprobs = { chunk.LogProbs.Select(MessageMapping.ToWire) },
        Done = chunk.FinishReason is not null,
        DoneReason = ToWire(chunk.FinishReason),
        Usage = ToWire(chunk.Usage),
    };

    /// <summary>A sign of life in a chat.</summary>
    public static Wire.ChatChunk ToChatHeartbeat(TimeSpan elapsed) => new() { Heartbeat = ToHeartbeat(elapsed) };

    /// <summary>A whole completion.</summary>
    public Wire.GenerateResponse ToGenerate(GenerationChunk answer)
    {
        var wire = new Wire.GenerateResponse
        {
            Model = model,
            CreatedAt = Now(),
            RequestId = id,
            Response = answer.Content,
            ToolCalls = { answer.ToolCalls.Select(MessageMapping.ToWire) },
            Logprobs = { answer.LogProbs.Select(MessageMapping.ToWire) },
            DoneReason = ToWire(answer.FinishReason),
            Context = { answer.Context ?? [] },
            Usage = ToWire(answer.Usage),
        };
        if (answer.Thinking is not null)
        {
            wire.Thinking = answer.Thinking;
        }

        return wire;
    }

    /// <summary>A part of a completion.</summary>
    public Wire.GenerateChunk ToGenerateChunk(GenerationChunk chunk, ulong sequence)
    {
        var wire = new Wire.GenerateChunk
        {
            Model = model,
            CreatedAt = Now(),
            Sequence = sequence,
            RequestId = sequence == 0 ? id : "",
            Response = chunk.Content,
            ToolCalls = { chunk.ToolCalls.Select(MessageMapping.ToWire) },
            Logprobs = { chunk.LogProbs.Select(MessageMapping.ToWire) },
            Done = chunk.FinishReason is not null,
            DoneReason = ToWire(chunk.FinishReason),
            Context = { chunk.Context ?? [] },
            Usage = ToWire(chunk.Usage),
        };
        if (chunk.Thinking is not null)
        {
            wire.Thinking = chunk.Thinking;
        }

        return wire;
    }

    /// <summary>A sign of life in a completion.</summary>
    public static Wire.GenerateChunk ToGenerateHeartbeat(TimeSpan elapsed) =>
        new() { Heartbeat = ToHeartbeat(elapsed) };

    private static Wire.Heartbeat ToHeartbeat(TimeSpan elapsed) =>
        new() { ElapsedNs = WireTime.Nanoseconds(elapsed) };

    private static Wire.DoneReason ToWire(FinishReason? reason) => reason switch
    {
        FinishReason.Stop => Wire.DoneReason.Stop,
        FinishReason.Length => Wire.DoneReason.Length,
        FinishReason.ToolCalls => Wire.DoneReason.ToolCalls,
        _ => Wire.DoneReason.Unspecified,
    };

    private static Wire.Usage? ToWire(GenerationUsage? usage) => usage is null ? null : new Wire.Usage
    {
        PromptTokens = usage.PromptTokenCount,
        CompletionTokens = usage.CompletionTokenCount,
        CachedTokens = usage.CachedTokenCount,
        TotalDurationNs = WireTime.Nanoseconds(usage.TotalDuration),
        LoadDurationNs = WireTime.Nanoseconds(usage.LoadDuration),
        QueueWaitNs = WireTime.Nanoseconds(usage.QueueWait),
        PromptEvalDurationNs = WireTime.Nanoseconds(usage.PrefillDuration),
        EvalDurationNs = WireTime.Nanoseconds(usage.DecodeDuration),
    };

    private Timestamp Now() => Timestamp.FromDateTimeOffset(time.GetUtcNow());
}
