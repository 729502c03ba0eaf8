using System.Text;
using System.Text.Json.Nodes;
using Ollama.Platform.FunctionalTests.Hosting;
using Ollama.Platform.UnitTests.Api.OpenApi;

namespace Ollama.Platform.FunctionalTests.Specification;

/// <summary>Every example of the specification, sent to the real host: it works, and its answer is described.</summary>
public sealed class ExampleTests
{
    // A registry, a request that runs, a model that ranks, a file: a new server has none, and says so as described.
    private static readonly string[] NeedMore =
    [
        "POST /api/pull", "POST /api/push", "POST /api/cancel", "POST /api/rerank", "POST /v1/rerank",
        "POST /v1/files", "GET /v1/files/", "DELETE /v1/files/", "POST /v1/batches", "GET /v1/batches/",
        "GET /v1/responses/", "DELETE /v1/responses/", "POST /v1/responses/",
    ];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_example_works_and_its_answer_is_described()
    {
        await using var server = await HostedServer.StartAsync(options => options with { Olla = true });
        var judge = new SpecificationJudge(await server.Client.GetStringAsync("/openapi.json", Cancel));
        var (count, errors) = (0, new List<string>());
        foreach (var (name, operation) in judge.Operations())
        {
            foreach (var (example, body) in Bodies(operation))
            {
                count++;
                using var request = ToRequest(name, operation, body);
                using var answer = await server.Client.SendAsync(request, Cancel);
                var text = await answer.Content.ReadAsStringAsync(Cancel);
                var works = answer.IsSuccessStatusCode || NeedMore.Any(name.StartsWith);
                var error = judge.JudgeAnswer(
                    operation, (int)answer.StatusCode, answer.Content.Headers.ContentType?.ToString(), text);
                if (!works || error is not null)
                {
                    errors.Add($"{name}, {example}: {(int)answer.StatusCode} {text} {error}");
                }
            }
        }

        Assert.True(errors.Count == 0, string.Join('\n', errors));
        Assert.True(count > 30, $"Only {count} examples.");
    }

    [Fact]
    public async Task Every_option_of_the_wrong_type_is_refused()
    {
        await using var server = await HostedServer.StartAsync();
        var judge = new SpecificationJudge(await server.Client.GetStringAsync("/openapi.json", Cancel));
        var errors = new List<string>();
        foreach (var (name, option) in judge.Schemas["OllamaOptions"]!["properties"]!.AsObject())
        {
            // logit_bias has several forms, which have tests of their own.
            if (option!["type"] is not null)
            {
                var (status, body) = await server.PostAsync(
                    "/api/generate",
                    $$$"""
                    {"model":"tiny-chat","prompt":"Hi","stream":false,"options":{"{{{name}}}":{"x":1} } }
                    """);
                if (status < 400 || !body.Contains(name, StringComparison.Ordinal))
                {
                    errors.Add($"{name}: {status} {body}");
                }
            }
        }

        Assert.True(errors.Count == 0, string.Join('\n', errors));
    }

    private static IEnumerable<(string Name, JsonNode? Body)> Bodies(JsonObject operation)
    {
        var content = operation["requestBody"]?["content"]?.AsObject().Single().Value;
        return content is null
            ? [("no body", null)]
            : (content["examples"] as JsonObject ?? new JsonObject())
                .Select(example => (example.Key, example.Value!["value"]));
    }

    private static HttpRequestMessage ToRequest(string name, JsonObject operation, JsonNode? body)
    {
        var (method, path) = (name.Split(' ')[0], name.Split(' ')[1]);
        var query = new List<string>();
        foreach (var parameter in operation["parameters"] as JsonArray ?? [])
        {
            var example = parameter!["example"]?.ToString();
            path = path.Replace($"{{{parameter["name"]}}}", example, StringComparison.Ordinal);
            if (example is not null && (string)parameter["in"]! == "query")
            {
                query.Add($"{parameter["name"]}={example}");
            }
        }

        path += query.Count > 0 ? "?" + string.Join('&', query) : "";

        var isJson = operation["requestBody"]?["content"]?["application/json"] is not null;
        return new HttpRequestMessage(new HttpMethod(method), path)
        {
            Content = body is null ? null
                : isJson ? new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json")
                : new ByteArrayContent(Encoding.UTF8.GetBytes(body.ToString())),
        };
    }
}
