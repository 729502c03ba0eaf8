using Ollama.Platform.Contracts.Cluster;
using Ollama.Platform.Contracts.Models;
using Ollama.Platform.Inference.Engine;

namespace Ollama.Platform.Inference.Runner;

/// <summary>The records within frames as bytes. Pure.</summary>
internal static class RunnerRecordCodec
{
    public static void Write(FrameWriter writer, SequenceRequest request)
    {
        writer.Int64(request.Id);
        writer.Integers(request.PromptTokens);
        SamplingCodec.Write(writer, request.Sampling);
        writer.Texts(request.StopSequences);
        writer.OptionalText(request.Grammar);
        writer.OptionalText(request.GrammarStart);
        writer.OptionalText(request.GrammarPreface);
        writer.Int32(request.CompletionTokensMax);
        writer.Int32(request.KeepTokens);
        writer.Boolean(request.Shift);
        writer.Boolean(request.LogProbs);
        writer.Int32(request.TopLogProbCount);
        writer.Int32(request.Priority);
        writer.Boolean(request.Deadline is not null);
        writer.Duration(request.Deadline ?? TimeSpan.Zero);
        writer.Int32(request.DraftTokensMax);
        writer.Int64(request.AdapterKey);
    }

    public static SequenceRequest ReadRequest(ref FrameReader reader) => new()
    {
        Id = reader.Int64(),
        PromptTokens = reader.Integers(),
        Sampling = SamplingCodec.Read(ref reader),
        StopSequences = reader.Texts(),
        Grammar = reader.OptionalText(),
        GrammarStart = reader.OptionalText(),
        GrammarPreface = reader.OptionalText(),
        CompletionTokensMax = reader.Int32(),
        KeepTokens = reader.Int32(),
        Shift = reader.Boolean(),
        LogProbs = reader.Boolean(),
        TopLogProbCount = reader.Int32(),
        Priority = reader.Int32(),
        Deadline = ReadOptionalDuration(ref reader),
        DraftTokensMax = reader.Int32(),
        AdapterKey = reader.Int64(),
    };

    public static void Write(FrameWriter writer, SequenceChunk chunk)
    {
        writer.Text(chunk.Text);
        writer.Integers(chunk.Tokens);
        WriteLogProbs(writer, chunk.LogProbs);
        writer.Boolean(chunk.FinishReason is not null);
        if (chunk.FinishReason is { } reason)
        {
            writer.Int32((int)reason);
        }

        writer.OptionalText(chunk.StopSequence);
        writer.Boolean(chunk.Usage is not null);
        if (chunk.Usage is { } usage)
        {
            writer.Int32(usage.PromptTokenCount);
            writer.Int32(usage.CachedTokenCount);
            writer.Int32(usage.CompletionTokenCount);
            writer.Int32(usage.ProposedTokenCount);
            writer.Int32(usage.AcceptedTokenCount);
            writer.Duration(usage.QueueWait);
            writer.Duration(usage.PrefillDuration);
            writer.Duration(usage.DecodeDuration);
        }
    }

    public static SequenceChunk ReadChunk(ref FrameReader reader) => new()
    {
        Text = reader.Text(),
        Tokens = reader.Integers(),
        LogProbs = ReadLogProbs(ref reader, nested: false),
        FinishReason = reader.Boolean() ? ReadFinishReason(ref reader) : null,
        StopSequence = reader.OptionalText(),
        Usage = reader.Boolean()
            ? new SequenceUsage
            {
                PromptTokenCount = reader.Int32(),
                CachedTokenCount = reader.Int32(),
                CompletionTokenCount = reader.Int32(),
                ProposedTokenCount = reader.Int32(),
                AcceptedTokenCount = reader.Int32(),
                QueueWait = reader.Duration(),
                PrefillDuration = reader.Duration(),
                DecodeDuration = reader.Duration(),
            }
            : null,
    };

    public static void Write(FrameWriter writer, LoadSpecification specification)
    {
        writer.Text(specification.WeightsPath);
        writer.OptionalText(specification.DraftPath);
        writer.Boolean(specification.Embedding);
        writer.Int32(specification.ContextTokens);
        writer.Int32(specification.SlotCount);
        writer.Int32(specification.CellCount);
        writer.Boolean(specification.CacheUnified);
        writer.Int32(specification.BatchTokens);
        writer.Int32(specification.GpuLayerCount);
        writer.Boolean(specification.MainGpu is not null);
        writer.Int32(specification.MainGpu ?? 0);
        writer.Boolean(specification.MemoryMapped is not null);
        writer.Boolean(specification.MemoryMapped ?? false);
        writer.Int32(specification.ThreadCount);
        writer.Int32((int)specification.KeyValueType);
        writer.Boolean(specification.FlashAttention is not null);
        writer.Boolean(specification.FlashAttention ?? false);
        writer.Single(specification.RopeFrequencyBase);
        writer.Single(specification.RopeFrequencyScale);
        writer.Boolean(specification.GpusSpread);
        writer.Int64(specification.GpuOverheadBytes);
        writer.Duration(specification.TokenDelayMax);
        writer.Int64(specification.PrefixCacheBytes);
    }

    public static LoadSpecification ReadSpecification(ref FrameReader reader) => new()
    {
        WeightsPath = reader.Text(),
        DraftPath = reader.OptionalText(),
        Embedding = reader.Boolean(),
        ContextTokens = reader.Int32(),
        SlotCount = reader.Int32(),
        CellCount = reader.Int32(),
        CacheUnified = reader.Boolean(),
        BatchTokens = reader.Int32(),
        GpuLayerCount = reader.Int32(),
        MainGpu = ReadOptionalInt32(ref reader),
        MemoryMapped = ReadOptionalBoolean(ref reader),
        ThreadCount = reader.Int32(),
        KeyValueType = ReadKeyValueType(ref reader),
        FlashAttention = ReadOptionalBoolean(ref reader),
        RopeFrequencyBase = reader.Single(),
        RopeFrequencyScale = reader.Single(),
        GpusSpread = reader.Boolean(),
        GpuOverheadBytes = reader.Int64(),
        TokenDelayMax = reader.Duration(),
        PrefixCacheBytes = reader.Int64(),
    };

    public static void Write(FrameWriter writer, RunnerDescription description)
    {
        writer.Int32(description.ContextTokens);
        writer.Int32(description.SlotCount);
        writer.Int32(description.CellCount);
        writer.Boolean(description.CacheUnified);
        writer.Int32(description.EmbeddingLength);
        writer.Boolean(description.AddsBosToken);
        writer.Boolean(description.AddsEosToken);
        writer.Integers(description.PairMarks.Before);
        writer.Integers(description.PairMarks.Between);
        writer.Integers(description.PairMarks.Behind);
        writer.Boolean(description.CanShift);
        writer.Int64(description.TotalBytes);
        writer.Int64(description.VramBytes);
        writer.OptionalText(description.DraftRefusal);
        writer.Duration(description.LoadDuration);
    }

    public static RunnerDescription ReadDescription(ref FrameReader reader) => new()
    {
        ContextTokens = reader.Int32(),
        SlotCount = reader.Int32(),
        CellCount = reader.Int32(),
        CacheUnified = reader.Boolean(),
        EmbeddingLength = reader.Int32(),
        AddsBosToken = reader.Boolean(),
        AddsEosToken = reader.Boolean(),
        PairMarks = new PairMarks(reader.Integers(), reader.Integers(), reader.Integers()),
        CanShift = reader.Boolean(),
        TotalBytes = reader.Int64(),
        VramBytes = reader.Int64(),
        DraftRefusal = reader.OptionalText(),
        LoadDuration = reader.Duration(),
    };

    private static int? ReadOptionalInt32(ref FrameReader reader)
    {
        var present = reader.Boolean();
        var value = reader.Int32();
        return present ? value : null;
    }

    private static TimeSpan? ReadOptionalDuration(ref FrameReader reader)
    {
        var present = reader.Boolean();
        var value = reader.Duration();
        return present ? value : null;
    }

    private static bool? ReadOptionalBoolean(ref FrameReader reader)
    {
        var present = reader.Boolean();
        var value = reader.Boolean();
        return present ? value : null;
    }

    private static KeyValueType ReadKeyValueType(ref FrameReader reader)
    {
        var type = (KeyValueType)reader.Int32();
        return Enum.IsDefined(type)
            ? type
            : throw new RunnerProtocolException($"{(int)type} is no way to keep keys and values.");
    }

    private static FinishReason ReadFinishReason(ref FrameReader reader)
    {
        var reason = (FinishReason)reader.Int32();
        return Enum.IsDefined(reason)
            ? reason
            : throw new RunnerProtocolException($"{(int)reason} is no finish reason.");
    }

    private static void WriteLogProbs(FrameWriter writer, IReadOnlyList<TokenLogProb> logProbs)
    {
        writer.Int32(logProbs.Count);
        foreach (var logProb in logProbs)
        {
            writer.Text(logProb.Token);
            writer.Double(logProb.LogProb);
            writer.Integers(logProb.Bytes);
            WriteLogProbs(writer, logProb.Top);
        }
    }

    private static TokenLogProb[] ReadLogProbs(ref FrameReader reader, bool nested)
    {
        // Text, number, bytes and alternatives take this much even when they are empty.
        var logProbs = new TokenLogProb[reader.Count((3 * sizeof(int)) + sizeof(double))];
        if (nested && logProbs.Length > RunnerLimits.TopLogProbCountMax)
        {
            throw new RunnerProtocolException($"A token has {logProbs.Length} alternatives.");
        }

        for (var index = 0; index < logProbs.Length; index++)
        {
            logProbs[index] = new TokenLogProb(
                reader.Text(),
                reader.Double(),
                reader.Integers(),
                nested ? ReadNothing(ref reader) : ReadLogProbs(ref reader, nested: true));
        }

        return logProbs;
    }

    // Alternatives have none themselves; believing otherwise would let a frame nest until the stack ends.
    private static TokenLogProb[] ReadNothing(ref FrameReader reader) => reader.Int32() == 0
        ? []
        : throw new RunnerProtocolException("An alternative has alternatives.");
}
