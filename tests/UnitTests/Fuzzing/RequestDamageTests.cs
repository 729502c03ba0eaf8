using System.Text;
using System.Text.Json.Nodes;
using Ollama.Platform.UnitTests.Api.OpenApi;
using Ollama.Platform.UnitTests.Api.Serving;

namespace Ollama.Platform.UnitTests.Fuzzing;

/// <summary>The examples of the specification, damaged: every answer is one that the specification describes.</summary>
public sealed class RequestDamageTests
{
    private const int SeedsEach = 60;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_damaged_request_gets_an_answer_that_is_described()
    {
        await using var server = await ApiServer.StartAsync();
        var judge = await SpecificationTests.ReadAsync(server);
        Scripts.Set(server.Models, "embedding");
        Scripts.Set(server.Models, "greeting");
        var (errors, refusals) = (new List<string>(), 0);
        foreach (var (route, operation, example) in Examples(judge))
        {
            for (var seed = 0; seed < SeedsEach; seed++)
            {
                var body = Damage.Bytes(example, new Random(seed));
                var (status, error) = await PlayAsync(server, judge, route, operation, body);
                refusals += status >= 400 ? 1 : 0;
                if (error is not null)
                {
                    errors.Add($"{route} seed {seed}: {Encoding.UTF8.GetString(body)}: {error}");
                }
            }
        }

        Assert.True(errors.Count == 0, string.Join('\n', errors));
        Assert.True(refusals > 500, $"Only {refusals} refusals.");
    }

    private static IEnumerable<(string Route, JsonObject Operation, byte[] Body)> Examples(SpecificationJudge judge) =>
        from operation in judge.Operations()
        let content = operation.Value["requestBody"]?["content"]?["application/json"]
        where content is not null
        from example in content["examples"]!.AsObject()

            // The library of the tests has another model.
        let text = example.Value!["value"]!.ToJsonString().Replace("tiny-chat", "thinker:8b", StringComparison.Ordinal)
        select (operation.Key, operation.Value, Encoding.UTF8.GetBytes(text));

    private static async Task<(int Status, string? Error)> PlayAsync(
        ApiServer server, SpecificationJudge judge, string route, JsonObject operation, byte[] body)
    {
        server.Models.Gate = new FlushGate();
        server.Models.Gate.Open();
        using var request = new HttpRequestMessage(new HttpMethod(route.Split(' ')[0]), route.Split(' ')[1])
        {
            Content = new ByteArrayContent(body),
        };
        using var answer = await server.Client.SendAsync(request, Cancel);
        var text = await answer.Content.ReadAsStringAsync(Cancel);
        return (
            (int)answer.StatusCode,
            judge.JudgeAnswer(
                operation, (int)answer.StatusCode, answer.Content.Headers.ContentType?.ToString(), text));
    }
}
