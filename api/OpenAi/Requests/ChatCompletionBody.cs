using System.Text.Json;
using Ollama.Platform.Api.GoJson;
using Ollama.Platform.Api.Ollama.Requests;
using Ollama.Platform.Contracts.Models;

namespace Ollama.Platform.Api.OpenAi.Requests;

/// <summary>The body of <c>/v1/chat/completions</c>.</summary>
internal sealed class ChatCompletionBody
{
    private GoField? _messages;
    private string? _effort;
    private string? _nestedEffort;
    private ToolChoiceSetting _toolChoice = ToolChoiceSetting.Auto;
    private bool _manyCalls = true;

    /// <summary>What it shares with <c>/v1/completions</c>.</summary>
    public SharedFields Shared { get; } = new();

    /// <summary>The conversation.</summary>
    public IReadOnlyList<ChatMessage> Messages { get; private set; } = [];

    /// <summary>The functions that the model may call.</summary>
    public IReadOnlyList<ToolDefinition> Tools { get; private set; } = [];

    /// <summary>Constrains the answer; null leaves it free.</summary>
    public OutputFormat? Format { get; private set; }

    /// <summary>Whether and how hard to think; null leaves it to the model.</summary>
    public ThinkSetting? Think { get; private set; }

    /// <summary>Which calls the answer may or must hold; null leaves it to the model.</summary>
    public ToolChoice? ToolChoice => _manyCalls
        ? _toolChoice.Choice
        : (_toolChoice.Choice ?? new ToolChoice()) with { ManyCalls = false };

    /// <summary>Reads a parsed body. The order of the checks is Ollama's.</summary>
    /// <exception cref="Contracts.Errors.ModelException">A field is wrong.</exception>
    public static ChatCompletionBody Read(JsonElement root)
    {
        var body = new ChatCompletionBody();
        var source = GoObject.Root(root, "ChatCompletionRequest");
        foreach (var field in source.Fields)
        {
            body.Set(field);
        }

        source.Errors.ThrowIfAny();
        if (body._messages is not { } messages || messages.Elements("[]openai.Message") is not { Count: > 0 })
        {
            source.Errors.ThrowIfAny();
            throw GoJsonErrors.Refuse("[] is too short - 'messages'");
        }

        body.Messages = ChatMessageReader.Read(messages);
        body.Shared.Validate();
        body.Think = EffortReader.Read(body._nestedEffort ?? body._effort);
        body.Tools = body._toolChoice.Choose(body.Tools);
        return body;
    }

    private void Set(GoField field)
    {
        switch (field.Name)
        {
            case "messages":
                _messages = field;
                break;
            case "tools":
                Tools = ToolReader.Read(field) ?? [];
                break;
            case "tool_choice":
                _toolChoice = ToolChoiceReader.Read(field);
                break;
            case "parallel_tool_calls":
                _manyCalls = field.AsBool() ?? _manyCalls;
                break;
            case "stop" when StopReader.ReadLenient(field) is { } stops:
                Shared.SetStops(stops);
                break;
            case "response_format":
                Format = ResponseFormatReader.Read(field);
                break;
            case "reasoning_effort":
                _effort = field.AsString();
                break;
            case "reasoning":
                _nestedEffort = GoObject.Nested(field, field.Value, "Reasoning").Fields
                    .Where(part => part.Name == "effort").Select(part => part.AsString()).LastOrDefault();
                break;
            case "logprobs":
                Shared.LogProbs = field.AsBool() ?? Shared.LogProbs;
                break;
            case "top_logprobs":
                Shared.TopLogProbCount = field.AsInt() ?? Shared.TopLogProbCount;
                break;
            default:
                Shared.Set(field);
                break;
        }
    }
}
