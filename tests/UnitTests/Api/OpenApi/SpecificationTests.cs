using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;
using Ollama.Platform.Api.OpenApi;
using Ollama.Platform.UnitTests.Api.Serving;
using Ollama.Platform.UnitTests.Architecture;

namespace Ollama.Platform.UnitTests.Api.OpenApi;

public sealed class SpecificationTests
{
    /// <summary>Beginnings of paths that are not described, with the reason.</summary>
    private static readonly Dictionary<string, string> Others = new()
    {
        ["/v2"] = "The distribution protocol has a specification of its own.",
        ["/openapi."] = "The specification itself.",
        ["/ollama."] = "gRPC, which its protos describe.",
        ["/grpc."] = "gRPC, which its protos describe.",
        ["/{unimplemented"] = "gRPC, which its protos describe.",
    };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_route_is_described_and_nothing_else()
    {
        await using var server = await ApiServer.StartAsync(options => options.Olla = true);
        var judge = await ReadAsync(server);
        var mapped = server.Services.GetServices<EndpointDataSource>()
            .SelectMany(source => source.Endpoints).SelectMany(SpecificationBuilder.RoutesOf)
            .Where(route => !Others.Keys.Any(path => route[(route.IndexOf(' ') + 1)..].StartsWith(path)))
            .Select(route => route.Replace("{**", "{", StringComparison.Ordinal)).ToHashSet();

        // Whoever can GET can HEAD; that needs no words.
        mapped.RemoveWhere(route =>
            route.StartsWith("HEAD ", StringComparison.Ordinal) && mapped.Contains("GET " + route[5..]));
        Assert.NotEmpty(mapped);
        var described = judge.Operations().Select(operation => operation.Key).ToList();
        Offenders.None(mapped.Except(described).Select(route =>
            $"{route}: add a RouteDescription to the Specification folder of its dialect"));
        Offenders.None(described.Except(mapped));
    }

    [Fact]
    public async Task The_document_is_a_sound_OpenAPI_document()
    {
        await using var server = await ApiServer.StartAsync(options => options.Olla = true);
        var json = await server.Client.GetStringAsync("/openapi.json", Cancel);
        var result = OpenApiDocument.Parse(json, OpenApiConstants.Json);
        Offenders.None(result.Diagnostic!.Errors.Concat(result.Diagnostic.Warnings).Select(error => error.ToString()));
        var judge = new SpecificationJudge(json);
        var ids = judge.Operations().Select(operation => (string)operation.Value["operationId"]!).ToList();
        Assert.Equal(ids.Distinct(), ids);
        Offenders.None(
            from Match reference in Regex.Matches(json, "\"\\$ref\": \"#/components/(\\w+)/(\\w+)\"")
            where judge.Document["components"]![reference.Groups[1].Value]![reference.Groups[2].Value] is null
            select reference.Value);
    }

    [Fact]
    public async Task What_is_switched_off_is_not_described()
    {
        await using var server = await ApiServer.StartAsync();
        var document = (await ReadAsync(server)).Document;
        Assert.DoesNotContain(document["tags"]!.AsArray(), tag => (string)tag!["name"]! == "Olla");
        Assert.DoesNotContain(
            document["paths"]!.AsObject(), path => path.Key.Contains("olla/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_document_explains_the_fields_of_answers_by_the_comments_above_them()
    {
        await using var server = await ApiServer.StartAsync(options => options.Olla = true);
        var judge = await ReadAsync(server);
        Offenders.None(
            from schema in judge.Schemas
            from field in schema.Value!["properties"] as JsonObject ?? new JsonObject()
            where field.Value!["description"] is null && field.Value["enum"] is null
            select $"{schema.Key}.{field.Key}");
    }

    [Fact]
    public async Task Every_example_fits_its_schema()
    {
        await using var server = await ApiServer.StartAsync();
        var judge = await ReadAsync(server);
        var count = 0;
        foreach (var (name, operation) in judge.Operations())
        {
            var content = operation["requestBody"]?["content"]?["application/json"];
            foreach (var (_, example) in content?["examples"] as JsonObject ?? new JsonObject())
            {
                Assert.Null(judge.JudgeRequest(operation, example!["value"]));
                count++;
            }

            Assert.True(content is null || content["examples"] is not null, $"{name} has no example.");
        }

        Assert.True(count > 20, $"Only {count} examples.");
    }

    [Fact]
    public async Task Every_refusal_that_is_shown_fits_its_schema()
    {
        await using var server = await ApiServer.StartAsync();
        var judge = await ReadAsync(server);
        var refusals = judge.Document["components"]!["responses"]!.AsObject();
        Assert.NotEmpty(refusals);
        foreach (var (_, refusal) in refusals)
        {
            var content = refusal!["content"]!["application/json"]!;
            foreach (var (_, example) in content["examples"]!.AsObject())
            {
                Assert.Null(judge.Judge(content["schema"]!, example!["value"]!.ToJsonString()));
            }
        }
    }

    [Fact]
    public async Task Both_forms_say_the_same()
    {
        await using var server = await ApiServer.StartAsync();
        using var yaml = await server.Client.GetAsync(new Uri("/openapi.yaml", UriKind.Relative), Cancel);
        Assert.Equal("application/yaml", yaml.Content.Headers.ContentType?.MediaType);
        var text = await yaml.Content.ReadAsStringAsync(Cancel);
        Assert.StartsWith("openapi: '3.1", text);
        foreach (var (name, _) in (await ReadAsync(server)).Operations())
        {
            var path = name.Split(' ')[1];
            Assert.Contains($"\n  {(path.Contains('{') ? $"'{path}'" : path)}:\n", text, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("/docs/index.html", "text/html")]
    [InlineData("/docs/index.js", "application/javascript")]
    [InlineData("/docs/swagger-ui-bundle.js", "text/javascript")]
    [InlineData("/docs/swagger-ui.css", "text/css")]
    public async Task The_page_is_served_from_the_program_under_a_strict_policy(string path, string type)
    {
        await using var server = await ApiServer.StartAsync();
        using var answer = await server.Client.GetAsync(new Uri(path, UriKind.Relative), Cancel);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Contains(type.Split('/')[1], answer.Content.Headers.ContentType!.MediaType, StringComparison.Ordinal);
        var policy = Assert.Single(answer.Headers.GetValues("Content-Security-Policy"));
        Assert.StartsWith("default-src 'none'; script-src 'self';", policy);
        var text = await answer.Content.ReadAsStringAsync(Cancel);
        if (path.EndsWith("index.html", StringComparison.Ordinal))
        {
            Assert.DoesNotMatch("<script>|src=\"https?:|href=\"https?:", text);
        }
    }

    internal static async Task<SpecificationJudge> ReadAsync(ApiServer server) =>
        new(await server.Client.GetStringAsync("/openapi.json", Cancel));
}
