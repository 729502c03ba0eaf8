using System.Text.Json;
using Ollama.Platform.Api.GoJson;
using Ollama.Platform.Api.Ollama.Requests;
using Ollama.Platform.Api.OpenAi.Wire;
using Ollama.Platform.Contracts.Errors;
using Ollama.Platform.Contracts.Models;

namespace Ollama.Platform.Api.OpenAi.Requests;

/// <summary>
/// The fields that <c>/v1/chat/completions</c> and <c>/v1/completions</c> have in common. Temperature and top-p are 1
/// unless the request says otherwise, whatever the model's own parameters are.
/// </summary>
internal sealed class SharedFields
{
    // As many as the automatic slots of a model.
    private const int ChoiceCountMax = 16;

    private static readonly JsonElement One = JsonElement.Parse("1.0");

    private readonly Dictionary<string, JsonElement> _options = new() { ["temperature"] = One, ["top_p"] = One };
    private int? _tokensMax;
    private int? _completionTokensMax;

    /// <summary>The model as the client wrote it.</summary>
    public string Model { get; private set; } = "";

    /// <summary>Whether the answer comes in events.</summary>
    public bool Stream { get; private set; }

    /// <summary>Ends a stream with what the answer cost.</summary>
    public bool UsageIncluded { get; private set; }

    /// <summary>How many answers are asked for; each is a run of its own.</summary>
    public int ChoiceCount { get; private set; } = 1;

    /// <summary>Reports log-probabilities.</summary>
    public bool LogProbs { get; set; }

    /// <summary>Alternatives reported for each token.</summary>
    public int TopLogProbCount { get; set; }

    /// <summary>Takes a field if it is one of these.</summary>
    public void Set(GoField field)
    {
        switch (field.Name)
        {
            case "model":
                Model = field.AsString() ?? Model;
                break;
            case "stream":
                Stream = field.AsBool() ?? Stream;
                break;
            case "stream_options":
                SetStreamOptions(field);
                break;
            case "max_tokens":
                _tokensMax = field.AsInt() ?? _tokensMax;
                break;
            case "max_completion_tokens":
                _completionTokensMax = field.AsInt() ?? _completionTokensMax;
                break;
            case "n":
                ChoiceCount = field.AsInt() ?? ChoiceCount;
                break;
            case "seed" when field.AsInt() is { } seed:
                _options["seed"] = ToElement(seed);
                break;
            case "temperature" or "top_p" or "frequency_penalty" or "presence_penalty"
                when field.AsDouble() is not null:
                _options[field.Name] = field.Value;
                break;
            case "logit_bias" when field.AsMap() is not null:
                _options["logit_bias"] = field.Value;
                break;
            default:
                break;
        }
    }

    /// <summary>Stops the completion where one of these texts would begin.</summary>
    public void SetStops(IReadOnlyList<string> stops) =>
        _options["stop"] = JsonSerializer.SerializeToElement(stops, OpenAiJson.Default.IReadOnlyListString);

    /// <summary>Treats a top-p of zero like an absent one.</summary>
    public void IgnoreZeroTopP()
    {
        if (_options["top_p"].GetDouble() == 0)
        {
            _options["top_p"] = One;
        }
    }

    /// <summary>Checks what needs no model.</summary>
    /// <exception cref="ModelException"><c>n</c> or <c>top_logprobs</c> is out of range.</exception>
    public void Validate()
    {
        if (ChoiceCount is < 1 or > ChoiceCountMax)
        {
            throw GoJsonErrors.Refuse($"n must be between 1 and {ChoiceCountMax}");
        }

        if (TopLogProbCount is < 0 or > GenerationSettings.TopLogProbCountMax)
        {
            throw GoJsonErrors.Refuse($"top_logprobs must be between 0 and {GenerationSettings.TopLogProbCountMax}");
        }
    }

    /// <summary>The request that has these fields and nothing to generate yet.</summary>
    /// <param name="kind">Chat or completion.</param>
    /// <param name="model">The model without its source suffix.</param>
    public GenerationRequest ToRequest(GenerationKind kind, string model) => new()
    {
        Model = model,
        Kind = kind,
        Options = ToOptions(),
        LogProbs = LogProbs,
        // Alternatives without log-probabilities have no effect.
        TopLogProbCount = LogProbs ? TopLogProbCount : 0,
    };

    /// <summary>The options by wire name. The newer of the two limits goes before the older.</summary>
    public IReadOnlyDictionary<string, JsonElement> ToOptions()
    {
        if ((_completionTokensMax ?? _tokensMax) is { } tokensMax)
        {
            _options["num_predict"] = ToElement(tokensMax);
        }

        return _options;
    }

    private static JsonElement ToElement(int number) =>
        JsonSerializer.SerializeToElement(number, OpenAiJson.Default.Int32);

    private void SetStreamOptions(GoField field)
    {
        foreach (var part in GoObject.Nested(field, field.Value, "StreamOptions").Fields)
        {
            if (part.Name == "include_usage")
            {
                UsageIncluded = part.AsBool() ?? UsageIncluded;
            }
        }
    }
}
