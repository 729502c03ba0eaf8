using System.Text.Json;
using Ollama.Platform.Api.GoJson;
using Ollama.Platform.Api.OpenAi.Requests;
using Ollama.Platform.Api.OpenAi.Wire;
using Ollama.Platform.Contracts.Models;

namespace Ollama.Platform.Api.Responses.Requests;

/// <summary>The body of <c>/v1/responses</c>.</summary>
internal sealed class ResponsesBody
{
    private const int TopLogProbCountMax = 20;

    private readonly Dictionary<string, JsonElement> _options = new()
    {
        ["temperature"] = JsonElement.Parse("1.0"),
    };

    private JsonElement _input;
    private ToolChoiceSetting _toolChoice = ToolChoiceSetting.Auto;

    /// <summary>All of it, as sent.</summary>
    public JsonElement Source { get; private init; }

    /// <summary>The model as the client wrote it.</summary>
    public string Model { get; private set; } = "";

    /// <summary>Whether the answer comes in events.</summary>
    public bool Stream { get; private set; }

    /// <summary>Keeps the response, so that it can be fetched and gone on from.</summary>
    public bool Store { get; private set; } = true;

    /// <summary>What the client says now; the items are not checked yet.</summary>
    public IReadOnlyList<JsonElement> Input { get; private set; } = [];

    /// <summary>It refers to something that is kept.</summary>
    public bool NeedsKept => Echo.PreviousResponseId is not null
        || Input.Any(item => InputItems.TextOf(item, "type") == InputItems.Reference);

    /// <summary>What the answer repeats of the request.</summary>
    public ResponseEcho Echo { get; } = new();

    /// <summary>The functions that the model may call.</summary>
    public IReadOnlyList<ToolDefinition> Tools { get; private set; } = [];

    /// <summary>Constrains the answer; null leaves it free.</summary>
    public OutputFormat? Format { get; private set; }

    /// <summary>Whether and how hard to think; null leaves it to the model.</summary>
    public ThinkSetting? Think { get; private set; }

    /// <summary>Reports log-probabilities.</summary>
    public bool LogProbs { get; private set; }

    private ToolChoice? ToolChoice => Echo.ManyCalls
        ? _toolChoice.Choice
        : (_toolChoice.Choice ?? new ToolChoice()) with { ManyCalls = false };

    /// <summary>Reads a parsed body.</summary>
    /// <exception cref="Contracts.Errors.ModelException">A field is wrong.</exception>
    public static ResponsesBody Read(JsonElement root)
    {
        var body = new ResponsesBody { Source = root };
        var source = GoObject.Root(root, "ResponsesRequest");
        foreach (var field in source.Fields)
        {
            body.Set(field);
        }

        source.Errors.ThrowIfAny();
        body.Echo.Validate();
        body.Input = InputItems.Read(body._input);
        if (body.Echo.Background && !body.Store)
        {
            throw GoJsonErrors.Refuse("background needs store: the response could not be fetched");
        }

        body.Tools = body._toolChoice.Choose(body.Tools);
        return body;
    }

    /// <summary>The request that has these fields.</summary>
    /// <param name="model">The model without its source suffix.</param>
    /// <param name="messages">The conversation.</param>
    public GenerationRequest ToRequest(string model, IReadOnlyList<ChatMessage> messages)
    {
        if (Echo.MaxOutputTokens is { } tokensMax)
        {
            _options["num_predict"] = JsonSerializer.SerializeToElement(tokensMax, OpenAiJson.Default.Int32);
        }

        return new GenerationRequest
        {
            Model = model,
            Kind = GenerationKind.Chat,
            Messages = messages,
            Tools = Tools,
            ToolChoice = ToolChoice,
            CallsInPieces = Stream || Echo.Background,
            Format = Format,
            Think = Think,
            Options = _options,
            Truncate = Echo.Truncation == "auto",
            LogProbs = LogProbs,
            TopLogProbCount = Echo.TopLogProbCount,
        };
    }

    private void Set(GoField field)
    {
        switch (field.Name)
        {
            case "model":
                Model = field.AsString() ?? Model;
                break;
            case "stream":
                Stream = field.AsBool() ?? Stream;
                break;
            case "store":
                Store = field.AsBool() ?? Store;
                break;
            case "input":
                _input = field.Value;
                break;
            case "tools":
                Tools = FunctionsReader.Read(field);
                Echo.Set(field);
                break;
            case "tool_choice":
                _toolChoice = ToolChoiceReader.Read(field);
                Echo.Set(field);
                break;
            case "text":
                Format = TextFormatReader.Read(field);
                Echo.Set(field);
                break;
            case "reasoning":
                Think = EffortReader.Read(GoObject.Nested(field, field.Value, "ResponsesReasoning").Fields
                    .Where(part => part.Name == "effort").Select(part => part.AsString()).LastOrDefault());
                Echo.Set(field);
                break;
            case "temperature" or "top_p" or "frequency_penalty" or "presence_penalty"
                when field.AsDouble() is not null:
                _options[field.Name] = field.Value;
                Echo.Set(field);
                break;
            case "include":
                ReadIncludes(field);
                break;
            case "top_logprobs" when field.AsInt() is { } count:
                LogProbs |= count > 0;
                Echo.TopLogProbCount = count is >= 0 and <= TopLogProbCountMax
                    ? count
                    : throw GoJsonErrors.Refuse($"top_logprobs must be between 0 and {TopLogProbCountMax}");
                break;
            case "conversation" or "prompt" when !field.IsNull:
                throw GoJsonErrors.Refuse($"{field.Name} is not supported by this server");
            default:
                Echo.Set(field);
                break;
        }
    }

    private void ReadIncludes(GoField field)
    {
        foreach (var include in field.AsStrings() ?? [])
        {
            Includes.Check(include);
            LogProbs |= include == Includes.LogProbs;
        }
    }
}
