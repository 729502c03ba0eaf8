using System.Text.Json;
using System.Text.Json.Nodes;
using Ollama.Platform.FunctionalTests.Hosting;

namespace Ollama.Platform.FunctionalTests.Exam;

/// <summary>
/// The shipped model answers over HTTP as it answers inside llama.cpp: template, sampling and parsing are right.
/// </summary>
[Collection(nameof(SharedServer))]
public sealed class ExamTests(ServerFixture server)
{
    /// <summary>The model card's own score is 98.2 %; below 95 % something of ours is wrong.</summary>
    private const double PassRateMin = 0.95;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task At_least_95_percent_of_the_exam_is_answered_as_expected()
    {
        var items = ExamPaper.Load().Items;
        var failures = (await Task.WhenAll(items.Select(FailureAsync))).OfType<string>().ToList();
        var rate = 1 - ((double)failures.Count / items.Count);
        TestContext.Current.TestOutputHelper?.WriteLine($"{rate:P1} of {items.Count}\n" + string.Join('\n', failures));
        Assert.True(rate >= PassRateMin, $"{rate:P1} of {items.Count} passed.\n" + string.Join('\n', failures));
    }

    private async Task<string?> FailureAsync(ExamItem item)
    {
        var (expected, actual) = item.Prompt is null ? await ChatAsync(item) : await GenerateAsync(item);
        var passed =
            item.Match == "prefix" ? actual.StartsWith(expected, StringComparison.Ordinal) : actual == expected;
        return passed ? null : $"{item.Id}: expected {expected}\n    actual {actual}";
    }

    private async Task<(string Expected, string Actual)> ChatAsync(ExamItem item)
    {
        // The flag in the text is the model's own switch; the empty thought of think=false would override it.
        var flagged = item.EnableThinking is null && item.Expected.StartsWith("<think>", StringComparison.Ordinal);
        var body = new JsonObject
        {
            ["model"] = "tiny-chat",
            ["messages"] = Node(item.Messages!.Value),
            ["think"] = item.EnableThinking ?? flagged,
            ["stream"] = false,
            ["options"] = new JsonObject { ["temperature"] = 0, ["num_predict"] = item.TokensMax },
        };
        if (item.Tools is { } tools)
        {
            body["tools"] = Node(tools);
        }

        var message = (await server.PostAsync("/api/chat", body, Token)).GetProperty("message");
        var content = message.GetProperty("content").GetString()!;
        if (item.ExpectedToolCalls is { } calls)
        {
            var actual = message.TryGetProperty("tool_calls", out var made)
                ? made.EnumerateArray().Select(call => call.GetProperty("function"))
                    .Select(call => Call(call.GetProperty("name").GetString()!, call.GetProperty("arguments")))
                : [content];
            return (string.Join(' ', calls.Select(call => Call(call.Name, call.Arguments))), string.Join(' ', actual));
        }

        return (item.Answer ?? item.Expected, content);
    }

    private async Task<(string Expected, string Actual)> GenerateAsync(ExamItem item)
    {
        var body = new JsonObject
        {
            ["model"] = "tiny-chat",
            ["prompt"] = item.FimPrefix ?? item.Prompt,
            ["stream"] = false,
            ["options"] = new JsonObject { ["temperature"] = 0, ["num_predict"] = item.TokensMax },
        };
        if (item.FimSuffix is not null)
        {
            body["suffix"] = item.FimSuffix;
        }
        else
        {
            body["raw"] = true;
        }

        return (item.Expected,
            (await server.PostAsync("/api/generate", body, Token)).GetProperty("response").GetString()!);
    }

    /// <summary>Both sides through one writer, so that blanks between JSON tokens do not count.</summary>
    private static string Call(string name, JsonElement arguments) => $"{name}({Node(arguments).ToJsonString()})";

    private static JsonNode Node(JsonElement element) => JsonNode.Parse(element.GetRawText())!;
}
