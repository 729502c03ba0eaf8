using System.Globalization;
using System.Text.Json;
using Ollama.Platform.Api.GoJson;
using Ollama.Platform.Contracts.Errors;
using Ollama.Platform.Contracts.Models;

namespace Ollama.Platform.Api.Anthropic.Requests;

/// <summary>The body of <c>/v1/messages</c> and of <c>/v1/messages/count_tokens</c>.</summary>
internal sealed class MessagesBody
{
    private readonly Dictionary<string, JsonElement> _options = [];
    private IReadOnlyList<ChatMessage> _system = [];
    private IReadOnlyList<ChatMessage> _messages = [];
    private IReadOnlyList<ToolDefinition> _tools = [];
    private ThinkSetting? _thinking;
    private OutputSettings _output = new(null, null);
    private ToolChoiceSetting _toolChoice = ToolChoiceSetting.Auto;
    private int _maxTokens;

    /// <summary>The model as the client wrote it.</summary>
    public string Model { get; private set; } = "";

    /// <summary>Whether the answer comes in events.</summary>
    public bool Stream { get; private set; }

    /// <summary>Reads a parsed body.</summary>
    /// <exception cref="ModelException">A field is wrong.</exception>
    public static MessagesBody Read(JsonElement root)
    {
        var body = new MessagesBody();
        var source = GoObject.Root(root, "MessagesRequest");
        foreach (var field in source.Fields)
        {
            body.Set(field);
        }

        source.Errors.ThrowIfAny();
        return body;
    }

    /// <summary>Checks what needs no model, in Ollama's order.</summary>
    /// <param name="countsOnly">Nothing is generated, so nothing limits the answer.</param>
    /// <exception cref="ModelException">Something that every request has is missing.</exception>
    public void Validate(bool countsOnly)
    {
        var problem = string.IsNullOrWhiteSpace(Model) ? "model is required"
            : !countsOnly && _maxTokens <= 0 ? "max_tokens is required and must be positive"
            : _messages.Count == 0 ? "messages is required"
            : null;
        if (problem is not null)
        {
            throw GoJsonErrors.Refuse(problem);
        }
    }

    /// <summary>The request in the terms of no dialect.</summary>
    /// <param name="model">The model without its source suffix.</param>
    public GenerationRequest ToRequest(string model) => new()
    {
        Model = model,
        Kind = GenerationKind.Chat,
        Messages = [.. _system, .. _messages],
        Tools = _toolChoice.Forbidden ? [] : _tools,
        ToolChoice = _toolChoice.Choice,
        CallsInPieces = Stream,
        Think = _thinking ?? _output.Think,
        Format = _output.Format,
        Options = _options,
    };

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
            case "system":
                _system = SystemReader.Read(field);
                break;
            case "messages":
                _messages = ConversationReader.Read(field);
                break;
            case "tools":
                _tools = ToolListReader.Read(field);
                break;
            case "tool_choice":
                _toolChoice = ToolChoiceSetting.Read(field);
                break;
            case "thinking":
                _thinking = ThinkingReader.Read(field);
                break;
            case "output_config":
                _output = OutputSettings.Read(field);
                break;
            default:
                SetOption(field);
                break;
        }
    }

    private void SetOption(GoField field)
    {
        switch (field.Name)
        {
            case "max_tokens":
                _maxTokens = field.AsInt() ?? _maxTokens;
                _options["num_predict"] = JsonElement.Parse(_maxTokens.ToString(CultureInfo.InvariantCulture));
                break;
            case "temperature" or "top_p" when field.AsDouble() is not null:
                _options[field.Name] = field.Value;
                break;
            case "top_k" when field.AsInt() is { } count:
                _options["top_k"] = JsonElement.Parse(count.ToString(CultureInfo.InvariantCulture));
                break;
            case "stop_sequences" when field.AsStrings() is { Count: > 0 }:
                _options["stop"] = field.Value;
                break;
            default:
                break;
        }
    }
}
