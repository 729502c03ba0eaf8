using System.Globalization;
using System.Text.Json;
using Ollama.Platform.Contracts.Errors;
using Ollama.Platform.Contracts.Library;
using Ollama.Platform.Contracts.Models;

namespace Ollama.Platform.UnitTests.Api.Serving;

/// <summary>The scripts that transcripts name.</summary>
internal static class Scripts
{
    private static readonly GenerationUsage Usage = new()
    {
        PromptTokenCount = 12,
        CachedTokenCount = 4,
        CompletionTokenCount = 9,
        TotalDuration = TimeSpan.FromMilliseconds(300),
        LoadDuration = TimeSpan.FromMilliseconds(1),
        QueueWait = TimeSpan.FromMilliseconds(2),
        PrefillDuration = TimeSpan.FromMilliseconds(90),
        DecodeDuration = TimeSpan.FromTicks(1_800_001),
    };

    private static readonly GenerationChunk Last = new() { FinishReason = FinishReason.Stop, Usage = Usage };

    /// <summary>
    /// Sets the models up. <c>refuse CODE [detail]</c> and <c>fail CODE [detail]</c> take arguments; <c>wait N</c> and
    /// <c>pull N</c> stand before another script.
    /// </summary>
    public static void Set(ScriptedModels models, string script)
    {
        (models.Chunks, models.Refusal, models.Failure) = ([], null, null);
        (models.BeatCount, models.PullBeatCount) = (0, 0);
        var words = script.Split(' ', 3);
        if (words[0] == "wait")
        {
            Set(models, words[2]);
            models.BeatCount = int.Parse(words[1], CultureInfo.InvariantCulture);
            return;
        }

        if (words[0] == "pull")
        {
            Set(models, words[2]);
            models.PullBeatCount = int.Parse(words[1], CultureInfo.InvariantCulture);
            return;
        }

        switch (words[0])
        {
            case "refuse":
                models.Refusal = Exception(words);
                break;
            case "fail":
                models.Chunks = [Text("Hel")];
                models.Failure = Exception(words);
                break;
            case "embedding":
                models.Embedding = new EmbeddingResult
                {
                    Vectors = [[0.6f, -0.8f, 1.5e-7f, 0.00002f], [1, 0, 0, 0]],
                    PromptTokenCount = 5,
                    TotalDuration = TimeSpan.FromMilliseconds(20),
                    LoadDuration = TimeSpan.FromMilliseconds(3),
                };
                break;
            case "loaded":
                models.Loaded = [Status("thinker:8b", null), Status("test:latest", 300)];
                break;
            default:
                models.Chunks = Chunks(words[0]);
                break;
        }
    }

    private static IReadOnlyList<GenerationChunk> Chunks(string script) => script switch
    {
        "greeting" => [Text("Hel"), Text("lo <b>&\u2028'\"\\\t\u0001 \u00e9 \U0001f600"), Last],
        "completion" => [Text("4"), Last with { Context = [1, 2, 3] }],
        "thinking" =>
            [new GenerationChunk { Thinking = "Let " }, new GenerationChunk { Thinking = "me" }, Text("Hi"),
                Last with { Usage = Usage with { ThinkingTokenCount = 5 } }],
        "stopped" => [Text("to"), Last with { StopSequence = "END" }],
        "both" => [new GenerationChunk { Thinking = "Well", Content = "Hi", LogProbs = [Token("W")] }, Last],
        "tools" => [Call(0, "a1", "{\"b\":1.50,\"a\":\"<\"}"), Call(1, null, "{}"),
            Last with { FinishReason = FinishReason.ToolCalls }],
        "pieces" =>
            [
                new GenerationChunk
                {
                    CallPieces = [new ToolCallPiece(0, "") { Id = "call_1", Name = "f0" }],
                },
                new GenerationChunk { CallPieces = [new ToolCallPiece(0, "{\"a\": \"<")] },
                new GenerationChunk
                {
                    CallPieces =
                    [
                        new ToolCallPiece(0, "b\"}"), new ToolCallPiece(1, "{}") { Id = "call_2", Name = "f1" },
                    ],
                    ToolCalls =
                    [
                        new ToolCall { Id = "call_1", Name = "f0", Arguments = JsonElement.Parse("{\"a\": \"<b\"}") },
                        new ToolCall { Id = "call_2", Index = 1, Name = "f1", Arguments = JsonElement.Parse("{}") },
                    ],
                },
                Last with { FinishReason = FinishReason.ToolCalls },
            ],
        "cut" =>
            [
                new GenerationChunk { CallPieces = [new ToolCallPiece(0, "{\"a") { Id = "call_1", Name = "f0" }] },
                Last with { FinishReason = FinishReason.Length },
            ],
        "length" => [Text("to"), Last with { FinishReason = FinishReason.Length }],
        "logprobs" => [new GenerationChunk { Content = "a", LogProbs = [Token("a")] },
            Last with { Content = "b", LogProbs = [Token("b")] }],
        "unfinished" => [Text("x"), Text("x")],
        "failed" => [Text("x"), new GenerationChunk { FinishReason = FinishReason.Error }],
        "silent" => [],
        _ => throw new ArgumentOutOfRangeException(nameof(script), script, "There is no such script."),
    };

    private static GenerationChunk Text(string content) => new() { Content = content };

    private static GenerationChunk Call(int index, string? id, string arguments) => new()
    {
        ToolCalls =
        [
            new ToolCall { Id = id, Index = index, Name = "f" + index, Arguments = JsonElement.Parse(arguments) },
        ],
    };

    private static TokenLogProb Token(string text) =>
        new(text, -0.25, [text[0]], [new TokenLogProb(text, -0.25, [text[0]], []), new TokenLogProb("z", -12, [], [])]);

    private static ModelException Exception(string[] words) =>
        new(Enum.Parse<ModelErrorCode>(words[1]), "test", words.Length > 2 ? words[2] : null);

    private static LoadedModelStatus Status(string name, int? seconds) => new()
    {
        Name = name,
        ManifestDigestHex = Digest.Of("manifest"u8).Hex,
        Details = new ModelDetails { Format = "gguf", Family = "llama", ContextTokens = 4096 },
        TotalBytes = 2000,
        VramBytes = seconds is null ? 1500 : 0,
        ContextTokens = 2048,
        ExpiresAt = seconds is null ? null : new FixedTime().GetUtcNow().AddSeconds(seconds.Value),
    };
}
