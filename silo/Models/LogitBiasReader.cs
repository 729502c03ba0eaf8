using System.Globalization;
using System.Text.Json;
using Ollama.Platform.Contracts.Errors;
using Ollama.Platform.Inference.Sampling;

namespace Ollama.Platform.Silo.Models;

/// <summary>
/// Reads the option <c>logit_bias</c>: OpenAI's object from token ids to numbers, or llama-server's list of pairs, in
/// which <c>false</c> forbids a token. Pure.
/// </summary>
internal static class LogitBiasReader
{
    private const string Name = "logit_bias";

    // OpenAI's range: enough to force or forbid a token.
    private const float BiasMax = 100f;

    /// <summary>Reads; nothing when it is absent.</summary>
    /// <exception cref="ModelException">It is no such object or list, or names a token that is none.</exception>
    public static IReadOnlyList<TokenBias> Read(string model, OptionReader reader, int vocabularySize)
    {
        if (reader.Any(Name) is not { } value)
        {
            return [];
        }

        var (kind, count) = value.ValueKind switch
        {
            JsonValueKind.Object => (value.ValueKind, value.GetPropertyCount()),
            JsonValueKind.Array => (value.ValueKind, value.GetArrayLength()),
            _ => throw reader.Refuse(Name, "type map"),
        };
        if (count > SamplingOptions.LogitBiasCountMax)
        {
            throw Invalid(model, $"holds more than {SamplingOptions.LogitBiasCountMax} tokens");
        }

        var biases = kind == JsonValueKind.Object
            ? value.EnumerateObject().Select(property => new TokenBias(
                ParseToken(model, property.Name), ReadBias(model, property.Value)))
            : value.EnumerateArray().Select(pair => ReadPair(model, pair));
        return [.. biases.Select(bias => bias.Token >= 0 && (vocabularySize <= 0 || bias.Token < vocabularySize)
            ? bias
            : throw Invalid(model, $"names token {bias.Token}, which the model does not have"))];
    }

    private static TokenBias ReadPair(string model, JsonElement pair) =>
        pair.ValueKind == JsonValueKind.Array && pair.GetArrayLength() == 2
        && pair[0].ValueKind == JsonValueKind.Number && pair[0].TryGetInt32(out var token)
            ? new TokenBias(token, ReadBias(model, pair[1]))
            : throw Invalid(model, "holds something that is no pair of a token and a number");

    private static int ParseToken(string model, string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var token)
            ? token
            : throw Invalid(model, $"names \"{text}\", which is no token number");

    private static float ReadBias(string model, JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.False => float.NegativeInfinity,
        JsonValueKind.Number when value.GetDouble() is >= -BiasMax and <= BiasMax => (float)value.GetDouble(),
        _ => throw Invalid(model, $"must be between -{BiasMax} and {BiasMax}"),
    };

    private static ModelException Invalid(string model, string detail) =>
        new(ModelErrorCode.RequestInvalid, model, $"{Name} {detail}");
}
