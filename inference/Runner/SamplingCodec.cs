using Ollama.Platform.Inference.Sampling;

namespace Ollama.Platform.Inference.Runner;

/// <summary>How a sequence chooses its tokens, as bytes within a frame. Pure.</summary>
internal static class SamplingCodec
{
    public static void Write(FrameWriter writer, SamplingOptions sampling)
    {
        writer.Single(sampling.Temperature);
        writer.Single(sampling.TemperatureRange);
        writer.Single(sampling.TemperatureExponent);
        writer.Int32(sampling.TopK);
        writer.Single(sampling.TopP);
        writer.Single(sampling.MinP);
        writer.Single(sampling.TypicalP);
        writer.Single(sampling.TopSigma);
        writer.Single(sampling.XtcProbability);
        writer.Single(sampling.XtcThreshold);
        writer.Int32(sampling.Mirostat);
        writer.Single(sampling.MirostatTau);
        writer.Single(sampling.MirostatEta);
        writer.Single(sampling.RepeatPenalty);
        writer.Int32(sampling.RepeatLastTokens);
        writer.Single(sampling.PresencePenalty);
        writer.Single(sampling.FrequencyPenalty);
        writer.Boolean(sampling.Dry is not null);
        if (sampling.Dry is { } dry)
        {
            writer.Single(dry.Multiplier);
            writer.Single(dry.Base);
            writer.Int32(dry.AllowedLength);
            writer.Int32(dry.LastTokens);
            writer.Texts(dry.Breakers);
        }

        writer.Int32(sampling.LogitBiases.Count);
        foreach (var (token, bias) in sampling.LogitBiases)
        {
            writer.Int32(token);
            writer.Single(bias);
        }

        writer.Boolean(sampling.Seed is not null);
        writer.Int32(unchecked((int)(sampling.Seed ?? 0)));
    }

    public static SamplingOptions Read(ref FrameReader reader) => new()
    {
        Temperature = reader.Single(),
        TemperatureRange = reader.Single(),
        TemperatureExponent = reader.Single(),
        TopK = reader.Int32(),
        TopP = reader.Single(),
        MinP = reader.Single(),
        TypicalP = reader.Single(),
        TopSigma = reader.Single(),
        XtcProbability = reader.Single(),
        XtcThreshold = reader.Single(),
        Mirostat = reader.Int32(),
        MirostatTau = reader.Single(),
        MirostatEta = reader.Single(),
        RepeatPenalty = reader.Single(),
        RepeatLastTokens = reader.Int32(),
        PresencePenalty = reader.Single(),
        FrequencyPenalty = reader.Single(),
        Dry = reader.Boolean() ? ReadDry(ref reader) : null,
        LogitBiases = ReadBiases(ref reader),
        Seed = ReadSeed(ref reader),
    };

    private static DryOptions ReadDry(ref FrameReader reader) => new()
    {
        Multiplier = reader.Single(),
        Base = reader.Single(),
        AllowedLength = reader.Int32(),
        LastTokens = reader.Int32(),
        Breakers = reader.Texts(),
    };

    private static TokenBias[] ReadBiases(ref FrameReader reader)
    {
        var biases = new TokenBias[reader.Count(sizeof(int) + sizeof(float))];
        for (var index = 0; index < biases.Length; index++)
        {
            biases[index] = new TokenBias(reader.Int32(), reader.Single());
        }

        return biases;
    }

    private static uint? ReadSeed(ref FrameReader reader)
    {
        var present = reader.Boolean();
        var seed = unchecked((uint)reader.Int32());
        return present ? seed : null;
    }
}
