using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Ollama.Platform.Api.Anthropic.Specification;
using Ollama.Platform.Api.Errors;
using Ollama.Platform.Api.Ollama.Specification;
using Ollama.Platform.Api.OpenAi.Specification;
using Ollama.Platform.Api.OpenApi;
using Ollama.Platform.Api.Registry;
using Ollama.Platform.Api.Routing;
using Ollama.Platform.Contracts.Errors;
using Ollama.Platform.UnitTests.Api.Serving;
using Ollama.Platform.UnitTests.Architecture;

namespace Ollama.Platform.UnitTests.Api.Errors;

/// <summary>
/// Status and body of every error in every dialect, as text: a change to what clients see is a reviewed diff. After a
/// wanted change, copy the text that the failure names over the golden file.
/// </summary>
public sealed class GoldenErrorTests
{
    private const string Golden = "tests/UnitTests/Api/Errors/errors.golden.txt";
    private const string Model = "test";

    private static readonly JsonSerializerOptions Relaxed =
        new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly (DialectSpecification Dialect, string Path, string Body)[] Dialects =
    [
        (OllamaSpecification.Dialect, "/api/chat",
            """{"model":"test","stream":false,"messages":[{"role":"user","content":"Hi"}]}"""),
        (OpenAiSpecification.Dialect, "/v1/chat/completions",
            """{"model":"test","messages":[{"role":"user","content":"Hi"}]}"""),
        (AnthropicSpecification.Dialect, "/v1/messages",
            """{"model":"test","max_tokens":8,"messages":[{"role":"user","content":"Hi"}]}"""),
    ];

    [Fact]
    public void Every_error_has_in_every_dialect_the_status_and_the_body_that_were_reviewed()
    {
        var actual = Table();
        var expected = SourceTree.Files.Contains(Golden) ? SourceTree.ReadText(Golden) : "";
        if (expected != actual)
        {
            var received = Path.Combine(SourceTree.Root, "artifacts", "errors.received.txt");
            File.WriteAllText(received, actual);
            Assert.Fail($"errors changed; if that is wanted: cp {received} {SourceTree.Root}/{Golden}");
        }
    }

    [Fact]
    public async Task A_client_sees_what_the_table_says()
    {
        await using var server = await ApiServer.StartAsync();
        var routes = Dialects.Select(sent => (sent.Dialect, Kind: KindOf(sent.Dialect), sent.Path, sent.Body)).Append(
            (OpenAiSpecification.Dialect, RouteKind.Responses, "/v1/responses", """{"model":"test","input":"Hi"}"""));
        foreach (var (dialect, kind, path, body) in routes)
        {
            foreach (var code in Enum.GetValues<ModelErrorCode>())
            {
                var detail = DetailOf(code);
                Scripts.Set(server.Models, $"refuse {code} {detail}".TrimEnd());
                using var content = new StringContent(body, Encoding.UTF8, "application/json");
                using var answer = await server.Client.PostAsync(
                    new Uri(path, UriKind.Relative), content, TestContext.Current.CancellationToken);
                var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
                var reply = Reply(code, kind);
                Assert.Equal(reply.Status, (int)answer.StatusCode);
                Assert.Equal(
                    WithoutId(ToText(dialect, reply)),
                    WithoutId(text));
            }
        }
    }

    private static string Table()
    {
        var table = new StringBuilder();
        foreach (var (dialect, _, _) in Dialects)
        {
            table.Append("# ").Append(dialect.Name).Append('\n');
            foreach (var code in Enum.GetValues<ModelErrorCode>())
            {
                var usual = Reply(code, KindOf(dialect));
                Append(dialect, code.ToString(), usual);
                foreach (var kind in KindsOf(dialect).Where(kind => Reply(code, kind) != usual))
                {
                    Append(dialect, $"{code} {kind}", Reply(code, kind));
                }
            }

            foreach (var code in Enum.GetValues<ApiErrorCode>())
            {
                Append(dialect, code.ToString(), ErrorTable.Ollama(code));
            }
        }

        table.Append("# Registry\n");
        foreach (var code in Enum.GetValues<RegistryErrorCode>())
        {
            var (status, wire, message) = RegistryErrorTable.Of(code);
            var refusal = JsonSerializer.Serialize(
                new RegistryRefusal([new RegistryError(wire, message, null)]), RegistryJson.Default.RegistryRefusal);
            table.Append($"{code}: {status} {refusal}\n");
        }

        table.Append("# gRPC\n");
        foreach (var code in Enum.GetValues<ModelErrorCode>())
        {
            AppendCall(code.ToString(), GrpcErrorTable.Of(code));
        }

        foreach (var code in Enum.GetValues<ApiErrorCode>())
        {
            AppendCall(code.ToString(), GrpcErrorTable.Of(code));
        }

        foreach (var code in Enum.GetValues<GrpcErrorCode>())
        {
            AppendCall(code.ToString(), GrpcErrorTable.Of(code));
        }

        return table.ToString();

        void AppendCall(string name, GrpcReply reply) =>
            table.Append($"{name}: {reply.Status} {reply.Reason} {reply.RetryDelay}".TrimEnd()).Append('\n');

        void Append(DialectSpecification dialect, string name, ErrorReply reply) =>
            table.Append($"{name}: {reply.Status} {ToText(dialect, reply)}\n");
    }

    private static ErrorReply Reply(ModelErrorCode code, RouteKind kind) =>
        ErrorTable.Ollama(new Refusal(code, Model, DetailOf(code)), kind, Model);

    // Of the route for chats, which every dialect has; rows of other routes say where they differ.
    private static RouteKind KindOf(DialectSpecification dialect) =>
        dialect == AnthropicSpecification.Dialect ? RouteKind.Messages : RouteKind.Chat;

    private static IEnumerable<RouteKind> KindsOf(DialectSpecification dialect) =>
        dialect.Routes.Where(route => route.Refusals != RefusalScope.None)
            .Select(route => route.Kind).Distinct().Order();

    // Without one these would say nothing.
    private static string? DetailOf(ModelErrorCode code) =>
        code == ModelErrorCode.CapabilityMissing ? "tools" : null;

    private static string ToText(DialectSpecification dialect, ErrorReply reply) =>
        dialect.ToBody(reply)!.ToJsonString(Relaxed);

    private static string WithoutId(string json)
    {
        var body = JsonNode.Parse(json)!.AsObject();
        body.Remove("request_id");
        return body.ToJsonString(Relaxed);
    }
}
