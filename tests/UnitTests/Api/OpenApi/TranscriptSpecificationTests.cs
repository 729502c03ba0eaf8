using System.Text.Json;
using System.Text.Json.Nodes;
using Ollama.Platform.UnitTests.Api.Serving;

namespace Ollama.Platform.UnitTests.Api.OpenApi;

/// <summary>The transcripts of the wire are as the specification says, both what is sent and what comes back.</summary>
public sealed class TranscriptSpecificationTests
{
    // What guards and router say of their own accord belongs to no route.
    private static readonly string[] Others = ["Registry/", "Ollama/access", "Ollama/router"];

    /// <summary>Parts of requests that are taken although they are not described, with the reason.</summary>
    private static readonly Dictionary<string, string> TakenAnyway = new()
    {
        ["{\"name\":"] = "The older name of model in its place.",
        ["\"format\":\"xml\""] = "Nothing is generated, so that the format does not matter.",
        ["BASE64"] = "Letters of any case.",
        ["\"text\":\"Hi\",\"add_special\""] = "Another name of content in its place.",
        ["\"prompt\":\"Hi\",\"add_special_tokens\""] = "Another name of content in its place.",
    };

    [Fact]
    public async Task Every_answer_of_a_transcript_is_described()
    {
        await using var server = await ApiServer.StartAsync();
        var judge = await SpecificationTests.ReadAsync(server);
        var (answers, errors) = (0, new List<string>());
        foreach (var (name, exchange) in Exchanges())
        {
            var line = exchange.RequestHead[0].Split(' ');
            if (judge.Find(line[0], line[1]) is { } operation)
            {
                answers++;
                var (status, contentType, body) = Read(exchange.Answer);
                if (judge.JudgeAnswer(operation, status, contentType, body) is { } error)
                {
                    errors.Add($"{name}: {exchange.RequestHead[0]} {exchange.Body}: {error}");
                }
            }
        }

        Assert.True(errors.Count == 0, string.Join('\n', errors));
        Assert.True(answers > 200, $"Only {answers} answers.");
    }

    [Fact]
    public async Task Every_request_of_a_transcript_that_is_done_fits_its_schema()
    {
        await using var server = await ApiServer.StartAsync();
        var judge = await SpecificationTests.ReadAsync(server);
        var (requests, errors) = (0, new List<string>());
        foreach (var (name, exchange) in Exchanges())
        {
            var line = exchange.RequestHead[0].Split(' ');
            if (Read(exchange.Answer).Status is >= 200 and < 300
                && !TakenAnyway.Keys.Any(exchange.Body.Contains)
                && ParseOrNull(exchange.Body) is { } body
                && judge.Find(line[0], line[1]) is { } operation
                && operation["requestBody"]?["content"]?["application/json"] is not null)
            {
                requests++;
                if (judge.JudgeRequest(operation, body) is { } error)
                {
                    errors.Add($"{name}: {exchange.RequestHead[0]}: {error}");
                }
            }
        }

        Assert.True(errors.Count == 0, string.Join('\n', errors));
        Assert.True(requests > 60, $"Only {requests} requests.");
    }

    private static IEnumerable<(string Name, Exchange Exchange)> Exchanges() =>
        from name in TranscriptTests.AllNames
        where !Others.Any(name.StartsWith)
        from exchange in Exchange.ParseAll(TranscriptTests.Read(name))
        select (name, exchange);

    private static (int Status, string? ContentType, string Body) Read(string answer)
    {
        var lines = answer.Split('\n');
        var head = lines.TakeWhile(line => line.StartsWith("<<< ", StringComparison.Ordinal)).ToList();
        const string Type = "<<< content-type: ";
        var body = string.Join('\n', lines.Skip(head.Count))
            .Replace("\n---", "", StringComparison.Ordinal)
            .Replace("⏎", "", StringComparison.Ordinal);
        return (
            int.Parse(head[0][4..], System.Globalization.CultureInfo.InvariantCulture),
            head.Find(line => line.StartsWith(Type, StringComparison.Ordinal))?[Type.Length..],
            body);
    }

    private static JsonNode? ParseOrNull(string body)
    {
        try
        {
            return JsonNode.Parse(body);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
