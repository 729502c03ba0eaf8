using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Ollama.Platform.Contracts.Library;
using Ollama.Platform.UnitTests.Api.Serving;
using Ollama.Platform.UnitTests.Architecture;

namespace Ollama.Platform.UnitTests.Api.OpenApi;

/// <summary>The schemas of requests are those by which requests are read.</summary>
public sealed partial class RequestSchemaTests
{
    /// <summary>Words in readers that name no field and no value, with the reason.</summary>
    private static readonly Dictionary<string, string> OtherWords = new()
    {
        ["true"] = "Of a query.",
        ["false"] = "Of a query.",
        ["input_audio"] = "Named to be refused.",
        ["input_file"] = "Named to be refused.",
        ["conversation"] = "Named to be refused.",
        ["document"] = "Named to be refused.",
        ["developer"] = "A role; roles are any text.",
        ["tool"] = "A role, or named to be refused.",
    };

    /// <summary>Parts that a model reads and not the edge, or that mean another route, with the reason.</summary>
    private static readonly Dictionary<string, string> NotChecked = new()
    {
        [".options."] = "Options are the model's to read.",
        [".logit_bias."] = "Options are the model's to read.",
        [".draft_quantize"] = "Refused without a draft model.",
        [".remote_host"] = "Refused unless empty.",
    };

    /// <summary>Parts that fit and make no request on their own, with the reason.</summary>
    private static readonly Dictionary<string, string> NotAlone = new()
    {
        [".messages[].content[].type"] = "A message of nothing but ignored blocks is none.",
        [".tool_choice."] = "It names a tool, which must be there.",
        ["/api/cancel.id"] = "It names a request, which must run.",
        ["/v1/batches."] = "It names a file, which must be there.",
        ["/v1/responses.previous_response_id"] = "It names a response, which must be kept.",
        ["/input_tokens.previous_response_id"] = "As in /v1/responses.",
        [".input[].id"] = "It names an item, which must be kept, where it is a reference.",
        [".input[].type"] = "A reference or a result, of which there is nothing.",
        [".input[].call_id"] = "It names a call, which must be there.",
        [".input[].output"] = "The result of a call, which must be there.",
        [".input[].status"] = "As of a result.",
    };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static TheoryData<string> Routes =>
    [
        "POST /api/chat", "POST /api/generate", "POST /api/embed", "POST /api/embeddings", "POST /api/show",
        "POST /api/create", "POST /api/copy", "DELETE /api/delete", "POST /api/pull", "POST /api/push",
        "POST /v1/chat/completions", "POST /v1/completions", "POST /v1/embeddings", "POST /v1/messages",
        "POST /v1/messages/count_tokens", "POST /api/tokenize", "POST /api/detokenize", "POST /api/rerank",
        "POST /v1/rerank", "POST /api/cancel", "POST /v1/responses", "POST /v1/responses/input_tokens",
        "POST /v1/batches",
    ];

    [Fact]
    public async Task Every_route_with_a_body_is_among_those_that_are_tested()
    {
        await using var server = await ApiServer.StartAsync();
        var bodies = (await SpecificationTests.ReadAsync(server)).Operations()
            .Where(operation => operation.Value["requestBody"]?["content"]?["application/json"] is not null)
            .Select(operation => operation.Key);
        Assert.Equal(bodies.Order(), Routes.Select(route => route.Data).Order());
    }

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task A_value_of_the_wrong_type_is_refused_in_the_dialect(string route)
    {
        await using var server = await StartAsync();
        var judge = await SpecificationTests.ReadAsync(server);
        var (operation, schema) = Find(judge, route);
        var (count, errors) = (0, new List<string>());
        foreach (var (path, body) in new RequestSamples(judge).Mistyped(schema).Where(found => IsChecked(found.Path)))
        {
            count++;
            var (status, type, answer) = await SendAsync(server, route, body);

            // A bad format is Ollama's one mistake of a client that is answered with 500.
            if (status is < 400 or >= 500 && !(status == 500 && path == ".format"))
            {
                errors.Add($"{path}: {body?.ToJsonString()} gave {status} {answer}");
            }
            else if (judge.JudgeAnswer(operation, status, type, answer) is { } error)
            {
                errors.Add($"{path}: {body?.ToJsonString()}: {error}");
            }
        }

        Assert.True(errors.Count == 0, string.Join('\n', errors));
        Assert.True(count > 5, $"Only {count} bodies.");
    }

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task A_value_that_fits_is_taken(string route)
    {
        await using var server = await StartAsync();
        var judge = await SpecificationTests.ReadAsync(server);
        var (operation, schema) = Find(judge, route);
        var (count, errors) = (0, new List<string>());
        foreach (var (path, body) in new RequestSamples(judge).Fitting(schema)
            .Where(found => IsChecked(found.Path) && !NotAlone.Keys.Any($"{route}{found.Path}".Contains)))
        {
            count++;
            Assert.Null(judge.JudgeRequest(operation, body));
            var (status, type, answer) = await SendAsync(server, route, body);
            if (status is < 200 or >= 300)
            {
                errors.Add($"{path}: {body?.ToJsonString()} gave {status} {answer}");
            }
            else if (judge.JudgeAnswer(operation, status, type, answer) is { } error)
            {
                errors.Add($"{path}: {body?.ToJsonString()}: {error}");
            }
        }

        Assert.True(errors.Count == 0, string.Join('\n', errors));
        Assert.True(count > 0 || route is "POST /v1/batches" or "POST /api/cancel", "No body was sent.");
    }

    [Fact]
    public async Task Every_word_that_a_reader_knows_stands_in_the_specification()
    {
        await using var server = await ApiServer.StartAsync();
        var judge = await SpecificationTests.ReadAsync(server);
        var known = new HashSet<string>(OtherWords.Keys, StringComparer.OrdinalIgnoreCase);
        foreach (Match match in JsonWord().Matches(judge.Schemas.ToJsonString()))
        {
            known.Add(match.Groups[1].Value);
        }

        Offenders.None(
            from file in SourceTree.CSharpFiles
            where ReaderFile().IsMatch(file)
            from line in SourceTree.ReadLines(file)
            where ReadingLine().IsMatch(line)
            from Match word in Literal().Matches(line.Split("=>")[0].Split("when")[0])
            where !known.Contains(word.Groups[1].Value)
            select $"{file}: {word.Value} is read and not described");
    }

    private static async Task<ApiServer> StartAsync()
    {
        var server = await ApiServer.StartAsync();
        Scripts.Set(server.Models, "embedding");
        Scripts.Set(server.Models, "greeting");
        return server;
    }

    // The models that examples name can do everything, and are there however often they were deleted.
    private static void Stock(ScriptedLibrary library)
    {
        var able = library.Models[1];
        foreach (var text in new[] { "tiny-chat", "tiny-embed", "my-copy" })
        {
            Assert.True(ModelName.TryParse(text, out var name));
            library.Models.RemoveAll(model => model.Name == name);
            library.Models.Add(able with
            {
                Name = name,
                Capabilities = [.. able.Capabilities, ModelCapability.Vision],
            });
        }
    }

    private static (JsonObject Operation, JsonNode Schema) Find(SpecificationJudge judge, string route)
    {
        var operation = judge.Operations().Single(operation => operation.Key == route).Value;
        return (operation, operation["requestBody"]!["content"]!["application/json"]!["schema"]!);
    }

    private static bool IsChecked(string path) => !NotChecked.Keys.Any(path.Contains);

    private static async Task<(int Status, string? Type, string Body)> SendAsync(
        ApiServer server, string route, JsonNode? body)
    {
        var words = route.Split(' ');
        Stock(server.Library);
        server.Models.Gate = new FlushGate();
        server.Models.Gate.Open();
        using var request = new HttpRequestMessage(new HttpMethod(words[0]), words[1])
        {
            Content = new StringContent(body?.ToJsonString() ?? "null", Encoding.UTF8, "application/json"),
        };
        using var answer = await server.Client.SendAsync(request, Cancel);
        return (
            (int)answer.StatusCode,
            answer.Content.Headers.ContentType?.MediaType,
            await answer.Content.ReadAsStringAsync(Cancel));
    }

    [GeneratedRegex("\"([^\"]*)\"")]
    private static partial Regex JsonWord();

    [GeneratedRegex("^api/(Ollama|OpenAi|Anthropic|Responses)/(Requests/|CopyRoute|DeleteRoute|CancelRoute)")]
    private static partial Regex ReaderFile();

    // Arms of switches: case "a" or "b": and "a" => …
    [GeneratedRegex("^\\s+(case \"|or \"|\"\\w+\"( or \"\\w+\")* (when .*)?=>)")]
    private static partial Regex ReadingLine();

    [GeneratedRegex("\"(\\w+)\"")]
    private static partial Regex Literal();
}
