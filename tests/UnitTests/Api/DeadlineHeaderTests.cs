using Ollama.Platform.Contracts.Models;

namespace Ollama.Platform.UnitTests.Api;

/// <summary>How long an answer is of use, said in a header, in every dialect.</summary>
public sealed class DeadlineHeaderTests
{
    [Theory]
    [MemberData(nameof(PriorityHeaderTests.Routes), MemberType = typeof(PriorityHeaderTests))]
    public async Task It_reaches_the_models_from_every_route(string route, string body)
    {
        Assert.Equal(TimeSpan.FromSeconds(1.5), DeadlineOf((await SendAsync(route, body, "1.5")).Calls.Single()));
        Assert.Equal(TimeSpan.FromMinutes(2), DeadlineOf((await SendAsync(route, body, "2m")).Calls.Single()));
        Assert.Equal(
            TimeSpan.FromDays(49), DeadlineOf((await SendAsync(route, body, "99999999999999999999")).Calls.Single()));
        Assert.Null(DeadlineOf((await SendAsync(route, body, null)).Calls.Single()));
    }

    [Theory]
    [MemberData(nameof(PriorityHeaderTests.Routes), MemberType = typeof(PriorityHeaderTests))]
    public async Task Another_word_is_refused(string route, string body)
    {
        foreach (var bad in (string[])["soon", "0", "-1", "-5s", "NaN", "1,5", "1e3"])
        {
            var (status, answer, calls) = await SendAsync(route, body, bad);
            Assert.Equal(400, status);
            Assert.Contains(
                "X-Deadline must be a duration above zero, such as 30s", answer, StringComparison.Ordinal);
            Assert.Empty(calls);
        }
    }

    [Fact]
    public async Task What_the_body_says_goes_before_it()
    {
        var (_, _, calls) = await SendAsync(
            "/api/generate", "\"prompt\":\"p\",\"stream\":false,\"deadline\":\"3s\"", "9");
        Assert.Equal(TimeSpan.FromSeconds(3), DeadlineOf(calls.Single()));
    }

    private static TimeSpan? DeadlineOf(object call) => call switch
    {
        GenerationRequest generation => generation.Deadline,
        EmbeddingRequest embedding => embedding.Deadline,
        RerankRequest rerank => rerank.Deadline,
        _ => throw new ArgumentException(call.ToString()),
    };

    private static Task<(int Status, string Answer, object[] Calls)> SendAsync(
        string route, string body, string? deadline) => HeaderRequest.SendAsync(route, body, "X-Deadline", deadline);
}
