using System.Text.Json;
using Ollama.Platform.FunctionalTests.Hosting;

namespace Ollama.Platform.FunctionalTests;

/// <summary>The shipped model answers in the format that a client asks for.</summary>
[Collection(nameof(SharedServer))]
public sealed class FormatTests(ServerFixture server)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Json_is_an_object(bool think)
    {
        var answer = await ChatAsync("\"json\"", "Give me JSON about a cat.", think, seed: 1);
        Assert.Equal(JsonValueKind.Object, answer.ValueKind);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task A_schema_is_satisfied(int seed)
    {
        const string Schema = """
            {"type":"object","properties":{"name":{"type":"string","maxLength":20},
            "age":{"type":"integer","minimum":0,"maximum":130},"city":{"enum":["Berlin","Paris","Rome"]}},
            "required":["name","age","city"]}
            """;
        var answer = await ChatAsync(
            Schema, "Tom is 31 years old and lives in Paris. Answer with name, age and city.", think: false, seed);
        Assert.Equal(["name", "age", "city"], answer.EnumerateObject().Select(member => member.Name));
        Assert.InRange(answer.GetProperty("age").GetInt32(), 0, 130);
        Assert.Contains(answer.GetProperty("city").GetString(), (string[])["Berlin", "Paris", "Rome"]);
    }

    [Fact]
    public async Task A_schema_that_cannot_be_honoured_is_refused_with_its_place()
    {
        var (status, body) = await server.PostAsync(
            "/api/chat",
            """{"model":"tiny-chat","messages":[{"role":"user","content":"a"}],"format":{"not":{"type":"null"}}}""",
            Token);
        Assert.Equal(400, status);
        Assert.Equal(
            "invalid format: #/not: this keyword cannot be honoured",
            JsonDocument.Parse(body).RootElement.GetProperty("error").GetString());
    }

    [Fact]
    public async Task A_grammar_of_ones_own_is_kept_to()
    {
        var (status, body) = await server.PostAsync(
            "/api/generate",
            """
            {"model":"tiny-chat","prompt":"What is the capital of France?","stream":false,
            "options":{"seed":1,"grammar":"root ::= \"Rome, \" [0-9]{4}"}}
            """,
            Token);
        Assert.True(status == 200, body);
        Assert.Matches("^Rome, [0-9]{4}$", JsonDocument.Parse(body).RootElement.GetProperty("response").GetString());
    }

    [Fact]
    public async Task A_grammar_that_is_none_is_refused_with_its_place()
    {
        var (status, body) = await server.PostAsync(
            "/api/generate",
            """{"model":"tiny-chat","prompt":"a","options":{"grammar":"root ::= ("}}""",
            Token);
        Assert.Equal(400, status);
        Assert.StartsWith(
            "invalid grammar: line 1, column 10: ",
            JsonDocument.Parse(body).RootElement.GetProperty("error").GetString(),
            StringComparison.Ordinal);
    }

    private async Task<JsonElement> ChatAsync(string format, string question, bool think, int seed)
    {
        var body = $$$"""
            {"model":"tiny-chat","stream":false,"think":{{{(think ? "true" : "false")}}},"format":{{{format}}},
            "messages":[{"role":"user","content":"{{{question}}}"}],"options":{"seed":{{{seed}}},"num_predict":600}}
            """;
        var (status, text) = await server.PostAsync("/api/chat", body, Token);
        Assert.True(status == 200, text);
        var reply = JsonDocument.Parse(text).RootElement;
        Assert.True(reply.GetProperty("done_reason").GetString() == "stop", text);
        return JsonDocument.Parse(reply.GetProperty("message").GetProperty("content").GetString()!).RootElement;
    }
}
