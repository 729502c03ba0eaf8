using System.Text;
using Ollama.Platform.Contracts.Errors;
using Ollama.Platform.Inference.Sampling;

namespace Ollama.Platform.Silo.Models;

/// <summary>
/// Reads how tokens are chosen. Options that Ollama has, or once had, go by its names, the others by llama-server's.
/// Numbers are brought into ranges that no arithmetic overflows in. Pure.
/// </summary>
internal static class SamplingReader
{
    // Penalties and temperatures beyond this change nothing any more, but could overflow a logit.
    private const float FactorMax = 1000f;

    /// <summary>Reads.</summary>
    /// <param name="model">The model as the client named it.</param>
    /// <param name="reader">The options.</param>
    /// <param name="vocabularySize">Tokens of the model; 0 when that is not known.</param>
    /// <exception cref="ModelException">A value has the wrong type or is too large to be used.</exception>
    public static SamplingOptions Read(string model, OptionReader reader, int vocabularySize)
    {
        var defaults = new SamplingOptions();
        return new SamplingOptions
        {
            Temperature = Between(reader, "temperature", defaults.Temperature, 0f, FactorMax),
            TemperatureRange = Between(reader, "dynatemp_range", defaults.TemperatureRange, 0f, FactorMax),
            TemperatureExponent = Between(reader, "dynatemp_exponent", defaults.TemperatureExponent, 0f, FactorMax),
            TopK = reader.Integer("top_k") ?? defaults.TopK,
            TopP = Between(reader, "top_p", defaults.TopP, 0f, 1f),
            MinP = Between(reader, "min_p", defaults.MinP, 0f, 1f),
            TypicalP = Between(reader, "typical_p", defaults.TypicalP, 0f, 1f),
            TopSigma = Between(reader, "top_n_sigma", defaults.TopSigma, 0f, FactorMax),
            XtcProbability = Between(reader, "xtc_probability", defaults.XtcProbability, 0f, 1f),
            XtcThreshold = Between(reader, "xtc_threshold", defaults.XtcThreshold, 0f, 1f),
            Mirostat = ReadMirostat(model, reader),
            MirostatTau = Between(reader, "mirostat_tau", defaults.MirostatTau, 0f, FactorMax),
            MirostatEta = Between(reader, "mirostat_eta", defaults.MirostatEta, 0f, FactorMax),
            RepeatPenalty = Penalty(reader.Number("repeat_penalty") ?? defaults.RepeatPenalty),
            RepeatLastTokens = Math.Max(reader.Integer("repeat_last_n") ?? defaults.RepeatLastTokens, -1),
            PresencePenalty = Between(reader, "presence_penalty", defaults.PresencePenalty, -FactorMax, FactorMax),
            FrequencyPenalty = Between(reader, "frequency_penalty", defaults.FrequencyPenalty, -FactorMax, FactorMax),
            Dry = ReadDry(model, reader),
            LogitBiases = LogitBiasReader.Read(model, reader, vocabularySize),
            Seed = reader.Integer("seed") is { } seed and not -1 ? unchecked((uint)seed) : null,
        };
    }

    private static int ReadMirostat(string model, OptionReader reader) => reader.Integer("mirostat") switch
    {
        null or 0 => 0,
        1 => 1,
        2 => 2,
        _ => throw new ModelException(ModelErrorCode.RequestInvalid, model, "mirostat must be 0, 1 or 2"),
    };

    private static DryOptions? ReadDry(string model, OptionReader reader)
    {
        var defaults = new DryOptions();
        var options = new DryOptions
        {
            Multiplier = Between(reader, "dry_multiplier", defaults.Multiplier, 0f, FactorMax),
            Base = Between(reader, "dry_base", defaults.Base, 0f, FactorMax),
            AllowedLength = Math.Max(reader.Integer("dry_allowed_length") ?? defaults.AllowedLength, 0),
            LastTokens = Math.Max(reader.Integer("dry_penalty_last_n") ?? defaults.LastTokens, -1),
            Breakers = reader.Texts("dry_sequence_breakers") ?? defaults.Breakers,
        };
        if (options.Breakers.Count > DryOptions.BreakerCountMax
            || options.Breakers.Any(breaker => Encoding.UTF8.GetByteCount(breaker) > DryOptions.BreakerBytesMax))
        {
            throw new ModelException(
                ModelErrorCode.RequestInvalid, model,
                $"dry_sequence_breakers must hold at most {DryOptions.BreakerCountMax} texts of at most "
                + $"{DryOptions.BreakerBytesMax} bytes");
        }

        return options.Multiplier == 0f ? null : options;
    }

    private static float Between(OptionReader reader, string name, float fallback, float min, float max) =>
        Math.Clamp(reader.Number(name) ?? fallback, min, max);

    // Zero would divide logits by nothing; it can only mean no penalty.
    private static float Penalty(float value) => value <= 0f ? 1f : Math.Clamp(value, 1f / FactorMax, FactorMax);
}
