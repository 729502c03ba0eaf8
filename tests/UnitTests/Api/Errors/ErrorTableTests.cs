using Ollama.Platform.Api.Errors;
using Ollama.Platform.Api.Routing;
using Ollama.Platform.Contracts.Errors;

namespace Ollama.Platform.UnitTests.Api.Errors;

public sealed class ErrorTableTests
{
    [Fact]
    public void Every_refusal_has_a_status_and_a_text_on_every_route()
    {
        foreach (var code in Enum.GetValues<ModelErrorCode>())
        {
            foreach (var route in Enum.GetValues<RouteKind>())
            {
                var reply = ErrorTable.Ollama(new Refusal(code, "test", null), route, "test");
                Assert.InRange(reply.Status, 400, 599);
                Assert.True(reply.Message.Length > 0 || code == ModelErrorCode.CapabilityMissing, code.ToString());
            }
        }
    }

    [Fact]
    public void Every_refusal_of_the_edge_has_a_status_and_a_text()
    {
        foreach (var code in Enum.GetValues<ApiErrorCode>())
        {
            var reply = ErrorTable.Ollama(code);
            Assert.InRange(reply.Status, 400, 499);
            Assert.NotEmpty(reply.Message);
        }
    }

    [Fact]
    public void Every_refusal_has_a_kind_in_the_dialect_of_OpenAI()
    {
        foreach (var code in Enum.GetValues<ModelErrorCode>())
        {
            var reply = ErrorTable.Ollama(new Refusal(code, "test", "detail"), RouteKind.Chat, "test");
            Assert.Equal(
                reply.Status switch
                {
                    400 => "invalid_request_error",
                    404 => "not_found_error",
                    _ => "api_error",
                },
                ErrorTable.OpenAiType(reply.Status));
        }
    }

    [Theory]
    [InlineData("https://ollama.com:443", 403, "ollama cloud is disabled: remote model is unavailable")]
    [InlineData("http://10.0.0.7:11434", 400, "this server cannot run this remote model")]
    [InlineData("http://ollama.com.example", 400, "this server cannot run this remote model")]
    [InlineData("nonsense", 400, "this server cannot run this remote model")]
    public void A_model_of_another_server_is_refused_in_Ollamas_words(string host, int status, string message)
    {
        var refusal = new Refusal(ModelErrorCode.ModelRemote, "test", host);

        Assert.Equal(new ErrorReply(status, message), ErrorTable.Ollama(refusal, RouteKind.Chat, "test"));
        Assert.Equal(
            new ErrorReply(403, "ollama cloud is disabled: remote model details are unavailable"),
            ErrorTable.Ollama(refusal, RouteKind.Show, "test"));
    }

    [Theory]
    [InlineData(RouteKind.Generate, "gpt-oss:LOCAL ", "model 'gpt-oss:LOCAL ' not found")]
    [InlineData(RouteKind.Chat, "gpt-oss:20b:local", "model 'gpt-oss:20b:local' not found")]
    [InlineData(RouteKind.Embed, "m:local", "model \"m:local\" not found, try pulling it first")]
    internal void Who_wants_to_run_a_model_here_finds_none_that_another_server_runs(
        RouteKind route, string model, string message)
    {
        var refusal = new Refusal(ModelErrorCode.ModelRemote, "m", "https://ollama.com:443");

        Assert.Equal(new ErrorReply(404, message), ErrorTable.Ollama(refusal, route, model));
        Assert.Equal(403, ErrorTable.Ollama(refusal, RouteKind.Show, model).Status);
    }

    [Theory]
    [InlineData(ModelErrorCode.InputTooLong, 400, 500)]
    [InlineData(ModelErrorCode.EmbeddingNotFinite, 400, 500)]
    [InlineData(ModelErrorCode.EmbeddingUnsupported, 501, 500)]
    [InlineData(ModelErrorCode.EngineFailed, 400, 500)]
    [InlineData(ModelErrorCode.RunnerStopped, 400, 500)]
    [InlineData(ModelErrorCode.QueueFull, 503, 503)]
    [InlineData(ModelErrorCode.LoadFailed, 500, 500)]
    internal void The_two_embedding_routes_differ(ModelErrorCode code, int embed, int embeddings)
    {
        var refusal = new Refusal(code, "test", "detail");
        Assert.Equal(embed, ErrorTable.Ollama(refusal, RouteKind.Embed, "test").Status);
        Assert.Equal(embeddings, ErrorTable.Ollama(refusal, RouteKind.Embeddings, "test").Status);
    }

    [Theory]
    [InlineData(ModelErrorCode.OptionInvalid, 400, "invalid_request_error")]
    [InlineData(ModelErrorCode.FormatInvalid, 400, "invalid_request_error")]
    [InlineData(ModelErrorCode.ModelNotFound, 404, "not_found_error")]
    [InlineData(ModelErrorCode.QueueFull, 503, "overloaded_error")]
    [InlineData(ModelErrorCode.ShuttingDown, 503, "overloaded_error")]
    [InlineData(ModelErrorCode.DeadlineExceeded, 503, "overloaded_error")]
    [InlineData(ModelErrorCode.LoadFailed, 500, "api_error")]
    [InlineData(ModelErrorCode.EngineFailed, 500, "api_error")]
    internal void Messages_name_the_kind_of_error_by_its_status(ModelErrorCode code, int status, string type)
    {
        var reply = ErrorTable.Ollama(new Refusal(code, "test", "detail"), RouteKind.Messages, "test");
        Assert.Equal((status, type), (reply.Status, ErrorTable.AnthropicType(reply.Status)));
    }

    [Theory]
    [InlineData(ApiErrorCode.BodyTooLarge, "request_too_large")]
    [InlineData(ApiErrorCode.BodyIncomplete, "invalid_request_error")]
    [InlineData(ApiErrorCode.CloudDisabled, "permission_error")]
    internal void Messages_name_the_kind_of_what_the_edge_refuses(ApiErrorCode code, string type) =>
        Assert.Equal(type, ErrorTable.AnthropicType(ErrorTable.Ollama(code).Status));

    [Fact]
    public void A_name_that_shows_its_defaults_is_shown_in_full()
    {
        var refusal = new Refusal(ModelErrorCode.CapabilityMissing, "example.com:5000/me/m:q4", "tools, insert");
        Assert.Equal(
            "example.com:5000/me/m:q4 does not support tools\nexample.com:5000/me/m:q4 does not support insert",
            ErrorTable.Ollama(refusal, RouteKind.Chat, "anything").Message);
    }
}
