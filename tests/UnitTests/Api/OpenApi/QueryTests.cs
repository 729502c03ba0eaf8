using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Ollama.Platform.UnitTests.Api.Serving;
using Ollama.Platform.UnitTests.Architecture;

namespace Ollama.Platform.UnitTests.Api.OpenApi;

/// <summary>The parameters of queries are described as they are read.</summary>
public sealed partial class QueryTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_parameter_that_a_route_reads_is_described_and_no_other()
    {
        await using var server = await ApiServer.StartAsync(options => options.Olla = true);
        var described = (await SpecificationTests.ReadAsync(server)).Operations()
            .SelectMany(operation => Parameters(operation.Value)).Select(parameter => (string)parameter["name"]!)
            .ToHashSet();
        var read =
            from file in SourceTree.CSharpFiles
            where file.StartsWith("api/", StringComparison.Ordinal)
                && !file.StartsWith("api/Registry/", StringComparison.Ordinal)
            from Match word in Reading().Matches(SourceTree.ReadText(file))
            select word.Groups[1].Value;
        Assert.Equal(read.Distinct().Order(), described.Order());
    }

    [Fact]
    public async Task A_value_that_does_not_fit_is_refused_as_described()
    {
        await using var server = await ApiServer.StartAsync(options => options.Olla = true);
        var judge = await SpecificationTests.ReadAsync(server);
        var (count, errors) = (0, new List<string>());
        foreach (var (route, operation) in judge.Operations())
        {
            foreach (var parameter in Parameters(operation).Where(parameter => !IsAnyText(parameter["schema"]!)))
            {
                count++;
                var path = route.Split(' ')[1].Replace("{id}", "nothing", StringComparison.Ordinal);
                using var request = new HttpRequestMessage(HttpMethod.Get, $"{path}?{parameter["name"]}=x");

                // Of the dialects that share a list one alone turns its pages.
                request.Headers.Add("anthropic-version", "2023-06-01");
                using var answer = await server.Client.SendAsync(request, Cancel);
                var body = await answer.Content.ReadAsStringAsync(Cancel);
                var error = judge.JudgeAnswer(
                    operation, (int)answer.StatusCode, answer.Content.Headers.ContentType?.MediaType, body);
                if ((int)answer.StatusCode != 400 || error is not null)
                {
                    errors.Add($"{route} {parameter["name"]}: {(int)answer.StatusCode} {body} {error}");
                }
            }
        }

        Assert.True(errors.Count == 0, string.Join('\n', errors));
        Assert.True(count >= 10, $"Only {count} parameters.");
    }

    private static IEnumerable<JsonNode> Parameters(JsonObject operation) =>
        (operation["parameters"] as JsonArray ?? [])
            .Where(parameter => (string)parameter!["in"]! == "query").Select(parameter => parameter!);

    private static bool IsAnyText(JsonNode schema) => (string?)schema["type"] == "string" && schema["enum"] is null;

    // query["limit"], ReadFlag(query, "stream"), Position(all, query, "after_id"), ReadQuery(request, "group", …
    [GeneratedRegex("(?:[qQ]uery\\[|parameters\\[|query, |ReadQuery\\(request, )\"(\\w+)\"")]
    private static partial Regex Reading();
}
