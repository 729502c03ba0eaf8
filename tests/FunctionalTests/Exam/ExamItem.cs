using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ollama.Platform.FunctionalTests.Exam;

/// <summary>The exam of the shipped chat model: prompts with the completions they must give at temperature 0.</summary>
internal sealed record ExamPaper([property: JsonPropertyName("items")] IReadOnlyList<ExamItem> Items)
{
    public static ExamPaper Load()
    {
        using var file = File.OpenRead(Path.Combine(AppContext.BaseDirectory, "Exam", "exam.json"));
        return JsonSerializer.Deserialize(file, ExamJson.Default.ExamPaper)!;
    }
}

/// <summary>One prompt and the raw completion that it must give.</summary>
internal sealed record ExamItem
{
    [JsonPropertyName("id")]
    public required string Id { get; init; }

    [JsonPropertyName("category")]
    public required string Category { get; init; }

    [JsonPropertyName("messages")]
    public JsonElement? Messages { get; init; }

    [JsonPropertyName("tools")]
    public JsonElement? Tools { get; init; }

    [JsonPropertyName("prompt")]
    public string? Prompt { get; init; }

    [JsonPropertyName("fim_prefix")]
    public string? FimPrefix { get; init; }

    [JsonPropertyName("fim_suffix")]
    public string? FimSuffix { get; init; }

    /// <summary>What the template is told; null when it is told nothing.</summary>
    [JsonPropertyName("enable_thinking")]
    public bool? EnableThinking { get; init; }

    [JsonPropertyName("expected")]
    public required string Expected { get; init; }

    /// <summary>The part of <see cref="Expected"/> after the thought.</summary>
    [JsonPropertyName("answer")]
    public string? Answer { get; init; }

    [JsonPropertyName("expected_tool_calls")]
    public IReadOnlyList<ExamCall>? ExpectedToolCalls { get; init; }

    [JsonPropertyName("max_tokens")]
    public int TokensMax { get; init; }

    /// <summary><c>exact</c> or <c>prefix</c>.</summary>
    [JsonPropertyName("match")]
    public required string Match { get; init; }
}

/// <summary>A call that the completion must contain.</summary>
internal sealed record ExamCall
{
    [JsonPropertyName("name")]
    public required string Name { get; init; }

    [JsonPropertyName("arguments")]
    public required JsonElement Arguments { get; init; }
}

[JsonSerializable(typeof(ExamPaper))]
internal sealed partial class ExamJson : JsonSerializerContext;
