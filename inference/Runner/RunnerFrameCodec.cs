using System.Buffers;
using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Ollama.Platform.Contracts.Errors;
using Ollama.Platform.Inference.Engine;

namespace Ollama.Platform.Inference.Runner;

/// <summary>
/// Frames as bytes: a version, a kind, then the fields in order. Both ends are of one build, so any difference of
/// version is refused. Pure.
/// </summary>
internal static class RunnerFrameCodec
{
    /// <summary>Bytes of a frame at most.</summary>
    public const int FrameBytesMax = 256 * 1024 * 1024;

    private const byte Version = 4;

    /// <summary>Appends the bytes of a frame.</summary>
    public static void Encode(RunnerFrame frame, IBufferWriter<byte> buffer)
    {
        var writer = new FrameWriter(buffer);
        writer.Byte(Version);
        writer.Byte((byte)KindOf(frame));
        switch (frame)
        {
            case SubmitFrame submit:
                writer.Int64(submit.Id);
                RunnerRecordCodec.Write(writer, submit.Request);
                return;
            case CancelFrame cancel:
                writer.Int64(cancel.Id);
                return;
            case CreditFrame credit:
                writer.Int64(credit.Id);
                writer.Int32(credit.TokenCount);
                return;
            case EmbedFrame embed:
                writer.Int64(embed.Id);
                writer.Int64(embed.AdapterKey);
                WriteInputs(writer, embed.Inputs);
                return;
            case TokenizeFrame tokenize:
                writer.Int64(tokenize.Id);
                writer.Text(tokenize.Text);
                writer.Boolean(tokenize.SpecialAdded);
                writer.Boolean(tokenize.SpecialParsed);
                return;
            case DetokenizeFrame detokenize:
                writer.Int64(detokenize.Id);
                writer.Integers(detokenize.Tokens);
                return;
            case AdaptersFrame adapters:
                writer.Int64(adapters.Id);
                writer.Int64(adapters.Key);
                writer.Texts(adapters.Paths);
                return;
            case UnloadFrame:
            case PingFrame:
                return;
            default:
                EncodeOfRunner(writer, frame);
                return;
        }
    }

    /// <summary>Reads a frame.</summary>
    /// <exception cref="RunnerProtocolException">The bytes are no frame of this version.</exception>
    public static RunnerFrame Decode(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > FrameBytesMax)
        {
            throw new RunnerProtocolException($"A frame of {bytes.Length} bytes exceeds {FrameBytesMax}.");
        }

        var reader = new FrameReader(bytes);
        var version = reader.Byte();
        if (version != Version)
        {
            throw new RunnerProtocolException($"The frame has version {version}, not {Version}.");
        }

        var frame = DecodeFields((RunnerFrameKind)reader.Byte(), ref reader);
        return reader.AtEnd ? frame : throw new RunnerProtocolException("The frame is followed by more bytes.");
    }

    private static RunnerFrameKind KindOf(RunnerFrame frame) => frame switch
    {
        SubmitFrame => RunnerFrameKind.Submit,
        CancelFrame => RunnerFrameKind.Cancel,
        CreditFrame => RunnerFrameKind.Credit,
        EmbedFrame => RunnerFrameKind.Embed,
        TokenizeFrame => RunnerFrameKind.Tokenize,
        DetokenizeFrame => RunnerFrameKind.Detokenize,
        UnloadFrame => RunnerFrameKind.Unload,
        ChunkFrame => RunnerFrameKind.Chunk,
        VectorsFrame => RunnerFrameKind.Vectors,
        TokensFrame => RunnerFrameKind.Tokens,
        TextFrame => RunnerFrameKind.Text,
        RefusedFrame => RunnerFrameKind.Refused,
        EndedFrame => RunnerFrameKind.Ended,
        LoadFrame => RunnerFrameKind.Load,
        LoadedFrame => RunnerFrameKind.Loaded,
        HelloFrame => RunnerFrameKind.Hello,
        ProgressFrame => RunnerFrameKind.Progress,
        LogFrame => RunnerFrameKind.Log,
        PingFrame => RunnerFrameKind.Ping,
        PongFrame => RunnerFrameKind.Pong,
        AdaptersFrame => RunnerFrameKind.Adapters,
        AdaptersDoneFrame => RunnerFrameKind.AdaptersDone,
        _ => throw new UnreachableException(),
    };

    private static void EncodeOfRunner(FrameWriter writer, RunnerFrame frame)
    {
        switch (frame)
        {
            case ChunkFrame chunk:
                writer.Int64(chunk.Id);
                RunnerRecordCodec.Write(writer, chunk.Chunk);
                return;
            case VectorsFrame vectors:
                writer.Int64(vectors.Id);
                WriteVectors(writer, vectors.Vectors);
                return;
            case TokensFrame tokens:
                writer.Int64(tokens.Id);
                writer.Integers(tokens.Tokens);
                return;
            case TextFrame text:
                writer.Int64(text.Id);
                writer.Text(text.Text);
                return;
            case AdaptersDoneFrame done:
                writer.Int64(done.Id);
                writer.Int64(done.Bytes.TotalBytes);
                writer.Int64(done.Bytes.VramBytes);
                return;
            case RefusedFrame refused:
                writer.Int64(refused.Id);
                writer.Int32((int)refused.Refusal.Code);
                writer.OptionalText(refused.Refusal.Model);
                writer.OptionalText(refused.Refusal.Detail);
                return;
            case EndedFrame ended:
                writer.OptionalText(ended.Reason);
                return;
            case LoadFrame load:
                RunnerRecordCodec.Write(writer, load.Specification);
                return;
            case LoadedFrame loaded:
                RunnerRecordCodec.Write(writer, loaded.Description);
                return;
            default:
                EncodeOfProcess(writer, frame);
                return;
        }
    }

    private static void EncodeOfProcess(FrameWriter writer, RunnerFrame frame)
    {
        switch (frame)
        {
            case HelloFrame hello:
                writer.Text(hello.Build);
                writer.OptionalText(hello.LibraryPath);
                writer.Int32((int)hello.LogLevel);
                return;
            case ProgressFrame progress:
                writer.Single(progress.Fraction);
                return;
            case LogFrame log:
                writer.Int32((int)log.Level);
                writer.Text(log.Text);
                return;
            case PongFrame pong:
                writer.Duration(pong.StepTime);
                return;
            default:
                throw new UnreachableException();
        }
    }

    private static RunnerFrame DecodeFields(RunnerFrameKind kind, ref FrameReader reader) => kind switch
    {
        RunnerFrameKind.Submit => new SubmitFrame(reader.Int64(), RunnerRecordCodec.ReadRequest(ref reader)),
        RunnerFrameKind.Cancel => new CancelFrame(reader.Int64()),
        RunnerFrameKind.Credit => new CreditFrame(reader.Int64(), reader.Int32()),
        RunnerFrameKind.Embed => new EmbedFrame(reader.Int64(), reader.Int64(), ReadInputs(ref reader)),
        RunnerFrameKind.Tokenize =>
            new TokenizeFrame(reader.Int64(), reader.Text(), reader.Boolean(), reader.Boolean()),
        RunnerFrameKind.Detokenize => new DetokenizeFrame(reader.Int64(), reader.Integers()),
        RunnerFrameKind.Unload => new UnloadFrame(),
        RunnerFrameKind.Chunk => new ChunkFrame(reader.Int64(), RunnerRecordCodec.ReadChunk(ref reader)),
        RunnerFrameKind.Vectors => new VectorsFrame(reader.Int64(), ReadVectors(ref reader)),
        RunnerFrameKind.Tokens => new TokensFrame(reader.Int64(), reader.Integers()),
        RunnerFrameKind.Text => new TextFrame(reader.Int64(), reader.Text()),
        RunnerFrameKind.Refused => new RefusedFrame(reader.Int64(), ReadRefusal(ref reader)),
        RunnerFrameKind.Ended => new EndedFrame(reader.OptionalText()),
        RunnerFrameKind.Load => new LoadFrame(RunnerRecordCodec.ReadSpecification(ref reader)),
        RunnerFrameKind.Loaded => new LoadedFrame(RunnerRecordCodec.ReadDescription(ref reader)),
        RunnerFrameKind.Hello => new HelloFrame(reader.Text(), reader.OptionalText(), ReadLevel(ref reader)),
        RunnerFrameKind.Progress => new ProgressFrame(reader.Single()),
        RunnerFrameKind.Log => new LogFrame(ReadLevel(ref reader), reader.Text()),
        RunnerFrameKind.Ping => new PingFrame(),
        RunnerFrameKind.Pong => new PongFrame(reader.Duration()),
        RunnerFrameKind.Adapters => new AdaptersFrame(reader.Int64(), reader.Int64(), reader.Texts()),
        RunnerFrameKind.AdaptersDone =>
            new AdaptersDoneFrame(reader.Int64(), new AdapterBytes(reader.Int64(), reader.Int64())),
        _ => throw new RunnerProtocolException($"{(byte)kind} is no kind of frame."),
    };

    private static void WriteInputs(FrameWriter writer, IReadOnlyList<int[]> inputs)
    {
        writer.Int32(inputs.Count);
        foreach (var input in inputs)
        {
            writer.Integers(input);
        }
    }

    private static int[][] ReadInputs(ref FrameReader reader)
    {
        var inputs = new int[reader.Count(sizeof(int))][];
        for (var index = 0; index < inputs.Length; index++)
        {
            inputs[index] = reader.Integers();
        }

        return inputs;
    }

    private static void WriteVectors(FrameWriter writer, IReadOnlyList<float[]> vectors)
    {
        writer.Int32(vectors.Count);
        foreach (var vector in vectors)
        {
            writer.Vector(vector);
        }
    }

    private static float[][] ReadVectors(ref FrameReader reader)
    {
        var vectors = new float[reader.Count(sizeof(int))][];
        for (var index = 0; index < vectors.Length; index++)
        {
            vectors[index] = reader.Vector();
        }

        return vectors;
    }

    private static Refusal ReadRefusal(ref FrameReader reader)
    {
        var code = (ModelErrorCode)reader.Int32();
        return Enum.IsDefined(code)
            ? new Refusal(code, reader.OptionalText(), reader.OptionalText())
            : throw new RunnerProtocolException($"{(int)code} is no error code.");
    }

    private static LogLevel ReadLevel(ref FrameReader reader)
    {
        var level = (LogLevel)reader.Int32();
        return Enum.IsDefined(level) ? level : throw new RunnerProtocolException($"{(int)level} is no log level.");
    }
}
