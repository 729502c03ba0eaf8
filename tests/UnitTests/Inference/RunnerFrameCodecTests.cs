using System.Buffers;
using Microsoft.Extensions.Logging;
using Ollama.Platform.Contracts.Cluster;
using Ollama.Platform.Contracts.Errors;
using Ollama.Platform.Contracts.Models;
using Ollama.Platform.Inference.Engine;
using Ollama.Platform.Inference.Runner;
using Ollama.Platform.Inference.Sampling;

namespace Ollama.Platform.UnitTests.Inference;

public sealed class RunnerFrameCodecTests
{
    private static readonly RunnerFrame[] Frames =
    [
        new SubmitFrame(1, new SequenceRequest
        {
            Id = long.MaxValue,
            PromptTokens = [1, 2, int.MaxValue],
            Sampling = new SamplingOptions { Temperature = float.NaN, Seed = uint.MaxValue, TopK = -5, MinP = 0.5f },
            StopSequences = ["\n\n", "", "👋"],
            Grammar = "root ::= \"ä\"",
            GrammarStart = "</think>",
            GrammarPreface = "<think>",
            CompletionTokensMax = -1,
            KeepTokens = 4,
            Shift = false,
            LogProbs = true,
            TopLogProbCount = 20,
            Priority = -100,
            Deadline = TimeSpan.FromMilliseconds(1500),
            DraftTokensMax = 16,
            AdapterKey = -7,
        }),
        new SubmitFrame(2, new SequenceRequest
        {
            Id = 0, PromptTokens = [], Sampling = new SamplingOptions { Seed = null }, CompletionTokensMax = 0,
        }),
        new SubmitFrame(3, new SequenceRequest
        {
            Id = 1, PromptTokens = [], CompletionTokensMax = 0,
            Sampling = new SamplingOptions
            {
                TemperatureRange = 1, TemperatureExponent = 2, TopSigma = 3, XtcProbability = 0.5f, XtcThreshold = 0.1f,
                Mirostat = 2, MirostatTau = 4, MirostatEta = 5,
                Dry = new DryOptions { Multiplier = 1, Base = 2, AllowedLength = 3, LastTokens = 4, Breakers = ["ä"] },
                LogitBiases = [new TokenBias(5, 1.5f), new TokenBias(6, float.NegativeInfinity)],
            },
        }),
        new CancelFrame(-1),
        new CreditFrame(3, 128),
        new EmbedFrame(4, 6, [[1, 2], [], [3]]),
        new TokenizeFrame(5, "Grüße 👋\0", true, false),
        new DetokenizeFrame(6, [7, 8]),
        new UnloadFrame(),
        new ChunkFrame(7, new SequenceChunk()),
        new ChunkFrame(8, new SequenceChunk
        {
            Text = "text",
            Tokens = [1, 2],
            LogProbs =
            [
                new TokenLogProb("a", -0.5, [97], [new TokenLogProb("b", -1.25, [98], [])]),
                new TokenLogProb("\uFFFD", double.NegativeInfinity, [255, 254], []),
            ],
            FinishReason = FinishReason.Length,
            StopSequence = "\n\n",
            Usage = new SequenceUsage
            {
                PromptTokenCount = 1,
                CachedTokenCount = 2,
                CompletionTokenCount = 3,
                ProposedTokenCount = 5,
                AcceptedTokenCount = 4,
                QueueWait = TimeSpan.FromTicks(4),
                PrefillDuration = TimeSpan.MaxValue,
                DecodeDuration = TimeSpan.Zero,
            },
        }),
        new VectorsFrame(9, [[1.5f, float.NaN], []]),
        new TokensFrame(10, [1]),
        new TextFrame(11, ""),
        new RefusedFrame(12, new Refusal(ModelErrorCode.EngineFailed, null, "why")),
        new RefusedFrame(13, new Refusal(ModelErrorCode.QueueFull, "model", null)),
        new EndedFrame(null),
        new EndedFrame("crash"),
        new HelloFrame("build", "/lib", LogLevel.Debug),
        new HelloFrame("", null, LogLevel.None),
        new ProgressFrame(0.25f),
        new LogFrame(LogLevel.Warning, "line"),
        new AdaptersFrame(14, -3, ["/a", "/b"]),
        new AdaptersFrame(15, 4, []),
        new AdaptersDoneFrame(16, new AdapterBytes(1L << 40, 5)),
        new PingFrame(),
        new PongFrame(TimeSpan.FromSeconds(3)),
        new LoadFrame(new LoadSpecification
        {
            WeightsPath = "/a/b", DraftPath = "/d", Embedding = true, ContextTokens = 1,
            SlotCount = 2, BatchTokens = 3, GpuLayerCount = 4, MainGpu = 5, MemoryMapped = false, ThreadCount = 6,
            KeyValueType = KeyValueType.Q4_0, FlashAttention = false, RopeFrequencyBase = 7, RopeFrequencyScale = 8,
            GpusSpread = true, GpuOverheadBytes = 1L << 33, CellCount = 7,
            TokenDelayMax = TimeSpan.FromMilliseconds(8), PrefixCacheBytes = 1L << 40,
        }),
        new LoadFrame(new LoadSpecification { WeightsPath = "", ContextTokens = 1, SlotCount = 2 }),
        new LoadedFrame(new RunnerDescription
        {
            ContextTokens = 1, SlotCount = 2, CellCount = 4, CacheUnified = false, EmbeddingLength = 3,
            AddsBosToken = true, AddsEosToken = false,
            PairMarks = new PairMarks([1], [2, 3], []),
            CanShift = true, TotalBytes = 1L << 40, VramBytes = 5, DraftRefusal = "no",
            LoadDuration = TimeSpan.FromSeconds(2),
        }),
    ];

    public static TheoryData<int> Indexes => [.. Enumerable.Range(0, Frames.Length)];

    [Theory]
    [MemberData(nameof(Indexes))]
    public void A_frame_comes_back_as_it_was(int index)
    {
        var frame = Frames[index];
        var decoded = RunnerFrameCodec.Decode(Encode(frame));
        Assert.Equal(frame.GetType(), decoded.GetType());
        // The second encoding compares every field, lists included.
        Assert.Equal(Encode(frame), Encode(decoded));
        Assert.Equivalent(frame, decoded, strict: true);
    }

    [Fact]
    public void Every_kind_of_frame_is_tried() => Assert.Equal(
        Enum.GetValues<RunnerFrameKind>().Length, Frames.Select(frame => frame.GetType()).Distinct().Count());

    [Theory]
    [MemberData(nameof(Indexes))]
    public void A_frame_that_is_cut_or_too_long_is_refused(int index)
    {
        var bytes = Encode(Frames[index]);
        for (var length = 0; length < bytes.Length; length++)
        {
            Assert.Throws<RunnerProtocolException>(() => RunnerFrameCodec.Decode(bytes.AsSpan(0, length)));
        }

        Assert.Throws<RunnerProtocolException>(() => RunnerFrameCodec.Decode([.. bytes, 0]));
    }

    [Theory]
    [MemberData(nameof(Indexes))]
    public void Damaged_bytes_give_a_frame_or_a_protocol_error(int index)
    {
        var source = new Random(index);
        var bytes = Encode(Frames[index]);
        for (var round = 0; round < 2000; round++)
        {
            var damaged = bytes.ToArray();
            for (var count = source.Next(1, 4); count > 0; count--)
            {
                damaged[source.Next(damaged.Length)] = (byte)source.Next(256);
            }

            try
            {
                RunnerFrameCodec.Decode(damaged);
            }
            catch (RunnerProtocolException)
            {
                // Expected; anything else fails the test.
            }
        }
    }

    [Fact]
    public void Another_version_is_refused()
    {
        var bytes = Encode(new UnloadFrame());
        bytes[0]++;
        Assert.Throws<RunnerProtocolException>(() => RunnerFrameCodec.Decode(bytes));
    }

    [Fact]
    public void A_huge_count_allocates_nothing()
    {
        byte[] bytes = [1, (byte)RunnerFrameKind.Tokens, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0x7F];
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<RunnerProtocolException>(() => RunnerFrameCodec.Decode(bytes));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000_000);
    }

    private static byte[] Encode(RunnerFrame frame)
    {
        var buffer = new ArrayBufferWriter<byte>();
        RunnerFrameCodec.Encode(frame, buffer);
        return buffer.WrittenSpan.ToArray();
    }
}
