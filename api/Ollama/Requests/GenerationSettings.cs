using System.Text.Json;
using Ollama.Platform.Api.GoJson;
using Ollama.Platform.Contracts.Errors;
using Ollama.Platform.Contracts.Models;

namespace Ollama.Platform.Api.Ollama.Requests;

/// <summary>The fields that <c>/api/chat</c> and <c>/api/generate</c> have in common.</summary>
internal sealed class GenerationSettings
{
    /// <summary>Most alternatives that can be asked for.</summary>
    public const int TopLogProbCountMax = 20;

    /// <summary>The model as the client wrote it.</summary>
    public string Model { get; private set; } = "";

    /// <summary>Whether the answer comes in lines.</summary>
    public bool Stream { get; private set; } = true;

    /// <summary>The output format, not yet read.</summary>
    public JsonElement? Format { get; private set; }

    /// <summary>How long the model stays loaded; null takes the server's default.</summary>
    public TimeSpan? KeepAlive { get; private set; }

    /// <summary>Options by wire name.</summary>
    public IReadOnlyDictionary<string, JsonElement> Options { get; private set; } = GenerationRequest.NoOptions;

    /// <summary>Whether and how hard to think; null leaves it to the model.</summary>
    public ThinkSetting? Think { get; private set; }

    /// <summary>Cuts prompts that are too long.</summary>
    public bool Truncate { get; private set; } = true;

    /// <summary>Whether the context may shift; null takes the model's default.</summary>
    public bool? Shift { get; private set; }

    /// <summary>Reports log-probabilities.</summary>
    public bool LogProbs { get; private set; }

    /// <summary>Alternatives reported for each token.</summary>
    public int TopLogProbCount { get; private set; }

    /// <summary>The higher goes first; null where the body does not say.</summary>
    public int? Priority { get; private set; }

    /// <summary>Time after which the client gives up; null for ever.</summary>
    public TimeSpan? Deadline { get; private set; }

    /// <summary>Returns the rendered prompt and generates nothing.</summary>
    public bool RenderOnly { get; private set; }

    /// <summary>The request asks for unloading if it has nothing to generate.</summary>
    public bool UnloadsWhenEmpty => KeepAlive == TimeSpan.Zero;

    /// <summary>The format is none that <see cref="FormatReader"/> takes.</summary>
    public bool HasBadFormat => !FormatReader.IsKnown(Format);

    /// <summary>Takes a field if it is one of these.</summary>
    /// <exception cref="ModelException"><c>keep_alive</c>, <c>think</c> or <c>deadline</c> has no
    /// meaning.</exception>
    public void Set(GoField field)
    {
        switch (field.Name)
        {
            case "model":
                Model = field.AsString() ?? Model;
                break;
            case "stream":
                Stream = field.AsBool() ?? true;
                break;
            case "format":
                Format = field.Value;
                break;
            case "keep_alive":
                KeepAlive = KeepAliveReader.Read(field);
                break;
            case "options":
                Options = field.AsMap() ?? GenerationRequest.NoOptions;
                break;
            case "think":
                Think = ThinkReader.Read(field);
                break;
            case "truncate":
                Truncate = field.AsBool() ?? true;
                break;
            case "shift":
                Shift = field.AsBool();
                break;
            case "logprobs":
                LogProbs = field.AsBool() ?? LogProbs;
                break;
            case "top_logprobs":
                TopLogProbCount = field.AsInt() ?? TopLogProbCount;
                break;
            case "priority":
                Priority = field.AsInt() ?? Priority;
                break;
            case "deadline":
                Deadline = DeadlineReader.Read(field);
                break;
            case "_debug_render_only":
                RenderOnly = field.AsBool() ?? RenderOnly;
                break;
            default:
                break;
        }
    }

    /// <summary>Checks what needs no model. Comes before the model is looked up.</summary>
    /// <exception cref="ModelException"><c>top_logprobs</c> or <c>priority</c> is out of range.</exception>
    public void Validate()
    {
        if (Priority is < RequestPriority.Min or > RequestPriority.Max)
        {
            throw new ModelException(
                ModelErrorCode.RequestInvalid, Model,
                $"priority must be between {RequestPriority.Min} and {RequestPriority.Max}");
        }

        if (TopLogProbCount is < 0 or > TopLogProbCountMax)
        {
            throw new ModelException(
                ModelErrorCode.RequestInvalid, Model, $"top_logprobs must be between 0 and {TopLogProbCountMax}");
        }
    }

    /// <summary>The request that has these settings and nothing to generate yet.</summary>
    /// <param name="kind">Chat or completion.</param>
    /// <param name="model">The model without its source suffix.</param>
    public GenerationRequest ToRequest(GenerationKind kind, string model) => new()
    {
        Model = model,
        Kind = kind,
        KeepAlive = KeepAlive,
        Options = Options,
        Think = Think,
        Truncate = Truncate,
        Shift = Shift,
        LogProbs = LogProbs,
        // Alternatives without log-probabilities have no effect.
        TopLogProbCount = LogProbs ? TopLogProbCount : 0,
        Deadline = Deadline,
    };

    /// <summary>The request that loads the model with these settings.</summary>
    /// <param name="kind">Chat or completion.</param>
    /// <param name="model">The model without its source suffix.</param>
    public LoadRequest ToLoad(GenerationKind kind, string model) => new()
    {
        Model = model,
        Kind = kind,
        KeepAlive = KeepAlive,
        Options = Options,
        Shift = Shift,
    };
}
