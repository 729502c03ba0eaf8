using System.Text.Json;
using Ollama.Platform.Api.GoJson;
using Ollama.Platform.Api.Ollama;
using Ollama.Platform.Api.OpenAi.Requests;
using Ollama.Platform.Api.Responses.Wire;

namespace Ollama.Platform.Api.Responses.Requests;

/// <summary>The fields of a request that its response repeats.</summary>
internal sealed class ResponseEcho
{
    private const int NameLengthMax = 512;

    private ResponseWire _wire = new() { Id = "", CreatedAt = 0, Status = "", Model = "" };

    /// <summary>The response that this one goes on from.</summary>
    public string? PreviousResponseId => _wire.PreviousResponseId;

    /// <summary>What stands in front of the conversation.</summary>
    public string? Instructions => _wire.Instructions;

    /// <summary>Goes on without its client.</summary>
    public bool Background => _wire.Background;

    /// <summary>Whether a prompt that is too long is cut.</summary>
    public string Truncation => _wire.Truncation;

    /// <summary>Most tokens to produce.</summary>
    public int? MaxOutputTokens => _wire.MaxOutputTokens;

    /// <summary>The answer may hold several calls.</summary>
    public bool ManyCalls => _wire.ParallelToolCalls;

    /// <summary>Alternatives reported for each token.</summary>
    public int TopLogProbCount
    {
        get => _wire.TopLogProbs;
        set => _wire = _wire with { TopLogProbs = value };
    }

    /// <summary>A response that repeats these fields.</summary>
    public ResponseWire ToWire(string id, long createdAt, string status, string model, bool store) => _wire with
    {
        Id = id,
        CreatedAt = createdAt,
        Status = status,
        Model = model,
        Store = store,
    };

    /// <summary>Takes a field if it is one of these.</summary>
    /// <exception cref="Contracts.Errors.ModelException"><c>metadata</c> is none.</exception>
    public void Set(GoField field) => _wire = field.Name switch
    {
        "tools" when !field.IsNull => _wire with { Tools = field.Value.Clone() },
        "tool_choice" when !field.IsNull => _wire with { ToolChoice = field.Value.Clone() },
        "text" when !field.IsNull => _wire with { Text = WithFormat(field.Value) },
        "reasoning" when !field.IsNull => _wire with { Reasoning = field.Value.Clone() },
        "temperature" when field.AsDouble() is { } number => _wire with { Temperature = number },
        "top_p" when field.AsDouble() is { } number => _wire with { TopP = number },
        "frequency_penalty" when field.AsDouble() is { } number => _wire with { FrequencyPenalty = number },
        "presence_penalty" when field.AsDouble() is { } number => _wire with { PresencePenalty = number },
        "instructions" => _wire with { Instructions = field.AsString() ?? _wire.Instructions },
        "previous_response_id" => _wire with
        {
            PreviousResponseId = WireMapping.OrNull(field.AsString()) ?? PreviousResponseId,
        },
        "max_output_tokens" => _wire with { MaxOutputTokens = field.AsInt() ?? MaxOutputTokens },
        "max_tool_calls" => _wire with { MaxToolCalls = field.AsInt() ?? _wire.MaxToolCalls },
        "parallel_tool_calls" => _wire with { ParallelToolCalls = field.AsBool() ?? ManyCalls },
        "truncation" => _wire with { Truncation = field.AsString() ?? Truncation },
        "background" => _wire with { Background = field.AsBool() ?? Background },
        "metadata" => _wire with { Metadata = MetadataReader.Read(field) ?? _wire.Metadata },
        "safety_identifier" => _wire with { SafetyIdentifier = field.AsString() ?? _wire.SafetyIdentifier },
        "prompt_cache_key" => _wire with { PromptCacheKey = field.AsString() ?? _wire.PromptCacheKey },
        _ => _wire,
    };

    /// <summary>Checks what needs no model.</summary>
    /// <exception cref="Contracts.Errors.ModelException">A field is out of range.</exception>
    public void Validate()
    {
        if (MaxOutputTokens < 1)
        {
            throw GoJsonErrors.Refuse("max_output_tokens must be at least 1");
        }

        if (Truncation is not ("auto" or "disabled"))
        {
            throw GoJsonErrors.Refuse(
                $"invalid truncation value: {GoText.Quote(Truncation)} (must be \"auto\" or \"disabled\")");
        }

        if (_wire.SafetyIdentifier?.Length > NameLengthMax || _wire.PromptCacheKey?.Length > NameLengthMax)
        {
            throw GoJsonErrors.Refuse(
                $"safety_identifier and prompt_cache_key may have {NameLengthMax} characters");
        }
    }

    // Clients read the format without looking whether there is one.
    private static JsonElement WithFormat(JsonElement text) =>
        text.ValueKind == JsonValueKind.Object && text.TryGetProperty("format", out var format)
        && format.ValueKind == JsonValueKind.Object
            ? text.Clone()
            : ResponseDefaults.PlainText;
}
