using Ollama.Platform.Contracts.Models;

namespace Ollama.Platform.UnitTests.Api;

/// <summary>The priority of a request, said in a header, in every dialect.</summary>
public sealed class PriorityHeaderTests
{
    private const string Messages = "\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]";

    public static TheoryData<string, string> Routes => new()
    {
        { "/api/generate", "\"prompt\":\"p\",\"stream\":false" },
        { "/api/chat", $"{Messages},\"stream\":false" },
        { "/api/embed", "\"input\":\"x\"" },
        { "/api/embeddings", "\"prompt\":\"x\"" },
        { "/api/rerank", "\"query\":\"q\",\"documents\":[\"d\"]" },
        { "/v1/chat/completions", Messages },
        { "/v1/completions", "\"prompt\":\"p\"" },
        { "/v1/embeddings", "\"input\":\"x\"" },
        { "/v1/rerank", "\"query\":\"q\",\"documents\":[\"d\"]" },
        { "/v1/responses", "\"input\":\"hi\"" },
        { "/v1/messages", $"{Messages},\"max_tokens\":5" },
    };

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task It_reaches_the_models_from_every_route(string route, string body)
    {
        Assert.Equal(9, PriorityOf((await SendAsync(route, body, "9")).Calls.Single()));
        Assert.Equal(0, PriorityOf((await SendAsync(route, body, null)).Calls.Single()));
    }

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task Another_word_is_refused(string route, string body)
    {
        foreach (var bad in (string[])["high", "101", "-101", "1.5"])
        {
            var (status, answer, calls) = await SendAsync(route, body, bad);
            Assert.Equal(400, status);
            Assert.Contains("X-Priority must be a whole number from -100 to 100", answer, StringComparison.Ordinal);
            Assert.Empty(calls);
        }
    }

    [Fact]
    public async Task What_the_body_says_goes_before_it()
    {
        var (_, _, calls) = await SendAsync("/api/generate", "\"prompt\":\"p\",\"stream\":false,\"priority\":-3", "9");
        Assert.Equal(-3, PriorityOf(calls.Single()));
    }

    private static int PriorityOf(object call) => call switch
    {
        GenerationRequest generation => generation.Priority,
        EmbeddingRequest embedding => embedding.Priority,
        RerankRequest rerank => rerank.Priority,
        _ => throw new ArgumentException(call.ToString()),
    };

    private static Task<(int Status, string Answer, object[] Calls)> SendAsync(
        string route, string body, string? priority) => HeaderRequest.SendAsync(route, body, "X-Priority", priority);
}
